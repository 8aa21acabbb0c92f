import type { NewTask, Task, TaskId, TaskKind } from '../model/task.ts'
import { oneLine } from '../plan/columns.ts'
import { explain, sayWait } from '../plan/explain.ts'
import type { Plan, PlannedTask, Wait } from '../plan/plan.ts'

/** A plan as what every format draws: boxes and arrows by number, so that no id of a task becomes syntax. Plain data. */
export interface Picture {
  readonly plan: Plan
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

export interface Box {
  readonly id: TaskId
  readonly title: string
  /** What the task's source says; `change` where nobody gave the tasks. */
  readonly kind: TaskKind
  /** It waits for a person to say that it may start. */
  readonly hold: boolean
  readonly layer: string | null
  /** null: unknown. */
  readonly writes: readonly string[] | null
  readonly reads: readonly string[]
  readonly start: number
  readonly end: number
  /** The number of its batch; null when it never starts. */
  readonly batch: number | null
  readonly critical: boolean
  /** Why it does not start at once, one sentence. */
  readonly why: string
  readonly waits: readonly SaidWait[]
}

export interface SaidWait {
  readonly for: Wait['for']
  /** The number of the box that it waits for. */
  readonly on: number | null
  readonly says: string
}

/** `order`: what it needs; `conflict`: they may not run together; `capacity`: too few agents, seats or units. */
export type ArrowSort = 'order' | 'conflict' | 'capacity'

export interface Arrow {
  readonly from: number
  readonly to: number
  readonly sort: ArrowSort
  readonly for: Wait['for']
  /** What the conflict or the limit is about. */
  readonly about: string | null
  /** Part of the critical path. */
  readonly critical: boolean
  /** The wait that decides when `to` starts. */
  readonly binds: boolean
}

/** What is drawn of a plan. `tasks`, where they are known, tell what a plan does not: kinds, holds, layers and files. */
export function pictureOf(plan: Plan, tasks: readonly (Task | NewTask)[] = []): Picture {
  const numbers = new Map(plan.tasks.map((task, number) => [task.id, number]))
  const batches = new Map(plan.batches.map((batch, number) => [batch.name, number]))
  const given = new Map(tasks.map((task) => [task.id, task]))
  const next = new Map(plan.criticalPath.slice(1).map((id, index) => [id, plan.criticalPath[index]]))
  const onPath = new Set(plan.criticalPath)

  const boxes = plan.tasks.map((planned): Box => {
    const task = given.get(planned.id)
    const has = (what: Wait['for']) => planned.waits.some((wait) => wait.for === what)
    return {
      id: planned.id,
      title: oneLine(planned.title).trim() === '' ? planned.id : planned.title,
      kind: task?.kind ?? (has('person') ? 'manual' : 'change'),
      hold: has('hold'),
      layer: task?.layer ?? null,
      writes: task?.writes ?? null,
      reads: task?.reads ?? [],
      start: planned.start,
      end: planned.end,
      batch: batches.get(planned.batch) ?? null,
      critical: onPath.has(planned.id),
      why: explain({ ...plan, tasks: [planned] }, planned.id),
      waits: planned.waits.map((wait) => ({
        for: wait.for,
        on: numbers.get(taskOf(wait) ?? '') ?? null,
        says: sayWait(wait),
      })),
    }
  })
  const arrows = plan.tasks.flatMap((task, to) => arrowsTo(task, to, numbers, next.get(task.id)))
  return { plan, boxes, arrows }
}

/** One arrow from each task that it waits for, the latest first. Waits for a seat are drawn only where they make the plan as long as it is. */
function arrowsTo(
  task: PlannedTask,
  to: number,
  numbers: ReadonlyMap<TaskId, number>,
  before: TaskId | undefined,
): Arrow[] {
  const arrows = new Map<number, Arrow>()
  for (const [index, wait] of task.waits.entries()) {
    const other = taskOf(wait)
    const from = other === null ? undefined : numbers.get(other)
    if (other === null || from === undefined || from === to) continue
    const sort = sortOf(wait)
    const critical = index === 0 && other === before
    if ((sort === 'capacity' && !critical) || arrows.get(from)?.sort === 'order') continue
    const known = arrows.get(from)
    arrows.set(from, {
      from,
      to,
      sort,
      for: wait.for,
      about: aboutOf(wait),
      critical: critical || known?.critical === true,
      binds: index === 0 || known?.binds === true,
    })
  }
  return [...arrows.values()]
}

/** More arrows of who gets whose seat cross everything, and the bold boxes say the same. */
const mostSeats = 16

export function tooManySeats(arrows: readonly Arrow[]): boolean {
  return arrows.filter((arrow) => arrow.sort === 'capacity').length > mostSeats
}

/** The arrows that a picture shows which nobody can ask for more. */
export function calm(arrows: readonly Arrow[]): readonly Arrow[] {
  return tooManySeats(arrows) ? arrows.filter((arrow) => arrow.sort !== 'capacity') : arrows
}

/** Whatever is not known yet is something that has to be done before. */
function sortOf(wait: Wait): ArrowSort {
  if (wait.for === 'overlap' || wait.for === 'reads' || wait.for === 'shared-file') return 'conflict'
  return wait.for === 'agents' || wait.for === 'limit' ? 'capacity' : 'order'
}

function aboutOf(wait: Wait): string | null {
  if ('path' in wait && typeof wait.path === 'string') return wait.path
  if ('name' in wait && typeof wait.name === 'string') return wait.name
  if (wait.for === 'agents') return wait.limit === 1 ? '1 agent' : `${wait.limit} agents`
  return wait.for === 'pattern' ? wait.pattern : null
}

function taskOf(wait: Wait): TaskId | null {
  return 'task' in wait && typeof wait.task === 'string' ? wait.task : null
}
