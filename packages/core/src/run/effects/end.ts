import * as moves from '../../decide/moves.ts'
import { untouched } from '../../model/run-state.ts'
import type { ActionOf, EffectContext } from './effect.ts'
import { retire } from './workspace.ts'

/** Puts a task away whose end is decided. Every step may be repeated; the record is closed last. */
export async function finish(context: EffectContext, { id, record, task }: ActionOf<'finish'>): Promise<void> {
  const { state } = record
  const { queue, board, review } = context.ports
  const { signal } = context
  await retire(context, state, id)
  context.fence()
  if (state.outcome === 'done' && state.review?.landed != null && board !== null) {
    const commit = state.review.landed.commit
    if (task?.establishes !== undefined) {
      const text = `Pattern established: ${task.establishes} (task ${id}, commit ${commit}).`
      await board.post({ key: `pattern-${id}-${commit}`, author: id, text, signal })
    }
    await board.note({ key: `landed-${id}-${commit}`, tag: 'landed', text: `${id} landed as ${commit}.`, signal })
  }
  if (review !== null && state.outcome === 'cancelled' && state.review !== null && state.branch !== null) {
    await review.close({ branch: state.branch.name, signal })
  }
  const as = state.outcome === 'cancelled' ? 'cancelled' : 'done'
  // One that was not listed may have been put back since.
  if (task === null || task.state === 'open') await queue.close?.({ id, as, note: state.run.why, signal })
  await context.write(id, record, moves.closed(state, context.mover()))
}

export async function reopen(context: EffectContext, { id, record, answered }: ActionOf<'reopen'>): Promise<void> {
  context.fence()
  await context.ports.queue.close?.({ id, as: null, note: 'retried by a person', signal: context.signal })
  const state = record?.state ?? untouched(context.mover().at)
  const next =
    state.phase === 'closed' ? moves.retried(state, context.mover(), false) : moves.reopened(state, context.mover())
  await context.write(id, record, next, answered)
}
