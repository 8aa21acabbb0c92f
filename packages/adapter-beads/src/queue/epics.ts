import { familyOf } from '../issue/family.ts'
import { isOver, metadataOf } from '../issue/issue.ts'
import { isGathering } from '../issue/task.ts'
import { comment } from './comments.ts'
import type { Database } from './database.ts'

/** Closes the epic whose last child was just closed, and the one above it if that was its last; each with its result as a comment. */
export async function closeFinishedEpics(database: Database, id: string, signal: AbortSignal): Promise<void> {
  for (const above of familyOf(await database.issues(signal)).ancestorsOf(id)) {
    const issues = await database.known(signal)
    const epic = issues.get(above)
    const children = familyOf(issues).childrenOf(above)
    if (epic === undefined || !isGathering(epic) || isOver(epic) || !children.every(isOver)) return
    const isMade = (after: typeof epic): boolean => after.status === 'closed'
    const closed = await database.change(
      { issue: epic, status: 'closed', metadata: { closed_as: 'done' }, isMade },
      signal,
    )
    // Somebody else did something to it meanwhile: theirs counts.
    if (!closed.ok) return
    const cancelled = children.filter((child) => metadataOf(child)?.closed_as === 'cancelled').map((child) => child.id)
    const not = cancelled.length === 0 ? '' : `; cancelled of them: ${cancelled.join(', ')}`
    await comment(database, above, { text: `[orch] closed: its ${children.length} children are closed${not}.` }, signal)
  }
}
