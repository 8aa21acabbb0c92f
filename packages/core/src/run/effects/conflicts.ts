import * as moves from '../../decide/moves.ts'
import { atWork } from '../../decide/standing.ts'
import { type Conflict, conflictText } from '../../model/conflict.ts'
import { OrchError } from '../../model/error.ts'
import type { Guidance } from '../../model/request.ts'
import type { RunState } from '../../model/run-state.ts'
import { digest } from '../../model/slug.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'

/** The bulletin first: the record says that it was told. */
export async function tellConflicts(context: EffectContext, action: ActionOf<'tell-conflicts'>): Promise<void> {
  const { id, record, found, next } = action
  const target = targetName(context, record.state)
  // Both have a record, and one bulletin is enough.
  const own = found.filter(({ task }) => task === id)
  for (const conflict of own) await post(context, conflict, target)
  const text = found.map((conflict) => newsText(conflict, id, target)).join('\n\n')
  const key = `conflict-${digest(JSON.stringify([id, found])).slice(0, 16)}`
  const news: Guidance | null = hears(record.state) ? { key, text, turn: null, isNews: true } : null
  const written = await context.write(id, record, moves.knowsConflicts(record.state, context.mover(), next, news))
  if (written !== null) for (const conflict of own) context.events.emit('conflict-found', { conflict })
}

/** Its agent is at work, or will be. */
function hears(state: RunState): boolean {
  return atWork(state) || state.run.wants !== null
}

/** News that does not arrive keeps nobody from their work. */
async function post(
  { ports, fence, problem, signal }: EffectContext,
  conflict: Conflict,
  target: string,
): Promise<void> {
  const { board } = ports
  if (board === null) return
  const { task, files } = conflict
  const other = conflict.with ?? target
  const text = `${task} and ${other} would not merge as they are now: ${conflictText(files)}.`
  const key = `conflict-${task}-${other}-${digest(JSON.stringify(files.map(({ path }) => path))).slice(0, 8)}`
  fence()
  try {
    await board.post({ key, author: task, text, signal })
  } catch (error) {
    if (!OrchError.is(error) || !error.retryable) throw error
    problem(task, `nobody was told that ${task} and ${other} would not merge: ${error.message}`)
  }
}

/** What the agent of `id` reads. Whose turn it is to give way is said to both. */
function newsText(conflict: Conflict, id: string, target: string): string {
  const { task, with: first, files } = conflict
  const where = conflictText(files)
  if (first === null)
    return `\`${target}\` has moved, and what you have changed conflicts with it in ${where}. Before you are done, run \`git merge ${target}\` and resolve it so that both changes keep their meaning.`
  return task === id
    ? `Task ${first} is changing the same places as you, and goes first: ${where}. As it is now, the two would not merge. Keep away from these places where you can, and otherwise make your change fit to be put on top of that one.`
    : `Task ${task} is changing the same places as you: ${where}. As it is now, the two would not merge. You go first: go on, and change no more there than your task needs.`
}
