import type { NewTask } from '../../model/task.ts'
import { type Played, playSeed } from './play.ts'
import type { Violation } from './world.ts'

/** A run that breaks an invariant, with as little in it as could be found. */
export interface Shrunk {
  readonly seed: number
  readonly violation: Violation
  /** With these the seed breaks the invariant: `orch simulate --seed`. */
  readonly tasks: readonly NewTask[]
  /** What happens then, with the mishaps left out that make no difference. */
  readonly trace: readonly string[]
}

/** Runs that are played at most to find fewer tasks, and again to find fewer mishaps. */
const mostRuns = 200

/** A small run of `seed` that still breaks the same invariant, the same for the tasks that come of it; null when the seed breaks none. */
export async function shrinkSeed(seed: number, given?: readonly NewTask[]): Promise<Shrunk | null> {
  const first = await playSeed(seed, given === undefined ? {} : { tasks: given })
  if (first.violation === null) return null
  const { invariant } = first.violation
  let runs = 0
  const breaks = async (tasks: readonly NewTask[], without: ReadonlySet<number>): Promise<Played | null> => {
    if (++runs > mostRuns || tasks.length === 0) return null
    const played = await playSeed(seed, { tasks, without })
    return played.violation?.invariant === invariant ? played : null
  }

  let { tasks } = first.setting
  for (let before = -1; before !== tasks.length; ) {
    before = tasks.length
    for (const { id } of tasks) {
      const fewer = withoutTask(tasks, id)
      if ((await breaks(fewer, new Set())) !== null) tasks = fewer
    }
  }

  runs = 0
  let without: ReadonlySet<number> = new Set()
  let { places } = (await breaks(tasks, without)) ?? first
  for (let size = places.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < places.length; ) {
      const more = new Set([...without, ...places.slice(at, at + size)])
      const played = await breaks(tasks, more)
      if (played === null) at += size
      else [without, places] = [more, played.places]
    }
  }
  const { violation, trace } = await playSeed(seed, { tasks, without, traced: true })
  return { seed, violation: violation ?? first.violation, tasks, trace }
}

/** The same tasks without one, and nothing that names it. */
function withoutTask(tasks: readonly NewTask[], id: string): readonly NewTask[] {
  return tasks
    .filter((task) => task.id !== id)
    .map(({ stackedOn, ...task }) => ({
      ...task,
      ...(task.dependsOn !== undefined && { dependsOn: task.dependsOn.filter((other) => other !== id) }),
      ...(stackedOn !== undefined && stackedOn !== id && { stackedOn }),
    }))
}

/** What somebody reads who is to mend it. */
export function shrunkText({ seed, violation, tasks, trace }: Shrunk): string {
  return [
    `Seed ${seed} breaks invariant ${violation.invariant}: ${violation.what}.`,
    '',
    ...trace,
    '',
    `orch simulate --seed ${seed} tasks.yaml plays it again, with this tasks.yaml:`,
    '',
    'tasks:',
    ...tasks.map((task) => `  - ${JSON.stringify(task)}`),
  ].join('\n')
}
