import * as moves from '../../decide/moves.ts'
import { ok } from '../../model/result.ts'
import { type RunRecord, untouched } from '../../model/run-state.ts'
import type { TaskId } from '../../model/task.ts'
import type { LandedQuestion } from '../../ports/vcs.ts'
import { type ActionOf, type EffectContext, notNow } from './effect.ts'

/**
 * The branch first: a record of the epic says that there is one. Where records are of tasks only, the source gets one for the landing; whether it has that is
 * looked at when the record is there, because somebody else may have made it in between.
 */
export async function beginEpic(context: EffectContext, action: ActionOf<'begin-epic'>): Promise<void> {
  const { id, target, from } = action
  const { queue, vcs } = context.ports
  const { signal } = context
  context.fence()
  const made = await vcs.createTarget({ branch: target, from, signal })
  if (!made.ok)
    throw notNow('port-failed', 'vcs', `the branch of the epic ${id} cannot be made: ${made.detail ?? made.reason}`)
  const task = { id, title: `Land ${target}`, kind: 'manual', epic: id } as const
  const write = (record: RunRecord | null, listed?: boolean) => {
    const mover = context.mover()
    const { run, ...state } =
      record?.state ?? moves.moved(untouched(mover.at), null, mover, `begun on the branch ${target}`, {})
    const next = { ...state, run: listed === undefined ? run : { ...run, listed } }
    return context.tryWrite(id, record, next)
  }
  const first = action.record === null ? await write(null) : ok({ record: action.record })
  const isListed = async (): Promise<boolean> =>
    (await queue.list({ all: true, signal })).tasks.some(({ id: other, title }) => other === id && title === task.title)
  const written = first.ok ? await write(first.value.record, await isListed()) : first
  if (written.ok || written.reason !== 'gone' || queue.add === undefined) return
  // Whoever reads it without this policy is to leave it alone.
  // A key of this try alone: one that a person has deleted is made anew, and one that another orchestrator has just made is there.
  const key = `epic-${id}-${target}-${context.owner}-${context.ports.clock.elapsed()}`
  await queue.add({ key, tasks: [task], signal })
  await write(first.ok ? first.value.record : null, true)
}

/** Tasks of an epic whose landing its branch does not hold any more: somebody has forced that elsewhere, and it would land without them. */
export async function lostFromBranch(
  { ports, signal, policy }: EffectContext,
  epic: TaskId,
): Promise<readonly TaskId[]> {
  const target = policy.epics[epic]?.target
  if (target === undefined) return []
  const { records } = await ports.queue.read({ all: true, signal })
  const landed = records.flatMap(({ id, state: { branch, review, outcome } }): LandedQuestion[] => {
    if (id === epic || outcome !== 'done' || review?.landed == null || branch?.target !== target) return []
    const commit = review.landed.commit
    return [{ task: id, head: branch.head ?? commit, base: branch.base, commit, target }]
  })
  if (landed.length === 0) return []
  const world = await ports.vcs.observe({ landed, targets: [target], signal })
  return landed.flatMap(({ task }) => (world.landed.has(task) ? [] : [task]))
}
