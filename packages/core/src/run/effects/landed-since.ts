import type { Oid } from '../../model/run-state.ts'
import { shown } from '../../model/shown.ts'
import type { TaskId } from '../../model/task.ts'
import type { EffectContext } from './effect.ts'

/** Commits that are told by name. */
const most = 10

interface LandedCommit {
  readonly oid: Oid
  readonly subject: string
  /** Null: it landed otherwise. */
  readonly task: TaskId | null
}

/**
 * What the target has got that `have` has not come from, newest first, the first 50.
 * @param between `paths`: only what changed these. None where the repository cannot tell any more.
 */
export async function landedBetween(
  { ports: { vcs, queue }, signal }: Pick<EffectContext, 'ports' | 'signal'>,
  { have, target, paths }: { readonly have: Oid; readonly target: Oid; readonly paths?: readonly string[] },
): Promise<readonly LandedCommit[]> {
  const before = { head: have, oid: have }
  const after = { head: target, oid: target }
  const since = await vcs.since({ before, after, ...(paths && { paths: paths.slice(0, 100) }), signal })
  if (!since.ok || since.value.commits.length === 0) return []
  const { records } = await queue.read({ signal })
  const tasks = new Map(
    records.flatMap(({ id, state }) => (state.review?.landed ? [[state.review.landed.commit, id]] : [])),
  )
  return since.value.commits.map(({ oid, subject }) => ({ oid, subject, task: tasks.get(oid) ?? null }))
}

/** One line each. Subjects are other people's text. */
export function landedText(commits: readonly LandedCommit[]): string {
  const lines = commits.slice(0, most).map(({ oid, subject, task }) => {
    const by = task === null ? '' : `task ${task}: `
    return `- ${by}"${shown(subject)}" (${oid.slice(0, 12)})`
  })
  return [...lines, ...(commits.length > most ? ['- …'] : [])].join('\n')
}
