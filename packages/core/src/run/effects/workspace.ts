import * as branches from '../../decide/branch-moves.ts'
import * as moves from '../../decide/moves.ts'
import { OrchError } from '../../model/error.ts'
import { turnKey } from '../../model/process-key.ts'
import type { BranchFacts, Kept, RunRecord, RunState } from '../../model/run-state.ts'
import { slugOf } from '../../model/slug.ts'
import type { TaskId } from '../../model/task.ts'
import { regeneratedGlobs } from '../../plan/hot-files.ts'
import { covers } from '../../plan/scope.ts'
import { jitter } from '../rest.ts'
import { type ActionOf, type EffectContext, graceMs, notNow } from './effect.ts'
import { lostFromBranch } from './epic.ts'
import { withLast } from './quote.ts'

export async function createWorkspace(
  context: EffectContext,
  { id, record }: ActionOf<'create-workspace'>,
): Promise<void> {
  const branch = branchOf(record.state)
  context.fence()
  const made = await context.ports.vcs.createWorkspace({
    name: branch.workspace,
    branch: branch.name,
    from: branch.head ?? branch.base,
    continues: branch.workspace !== slugOf(id),
    signal: context.signal,
  })
  if (made.ok) {
    const { found } = made.value
    return found || branch.found === true ? noteFound(context, record, found) : undefined
  }
  if (made.reason === 'other-branch' && branch.workspace !== slugOf(id)) {
    // Whoever had the workspace of its group has left it elsewhere.
    await context.write(id, record, branches.inWorkspace(record.state, context.mover(), slugOf(id)))
    return
  }
  const detail = made.detail ?? made.reason
  if (made.reason === 'no-space')
    throw new OrchError('disk-full', `no worktree for ${id}: ${detail}`, { port: 'vcs', retryable: true })
  const reason = `its workspace cannot be made: ${detail}`
  await context.write(id, record, moves.askPerson(record.state, context.mover(), reason, ['retry', 'cancel']))
}

/**
 * Branches and worktrees outlive their records, when a database is lost, and a workspace the tasks of its group before: what is in them is
 * none of this task's work yet.
 */
async function noteFound(context: EffectContext, record: RunRecord, isOld: boolean): Promise<void> {
  const { id, state } = record
  const { workspace, name, base, found = false } = branchOf(state)
  if (state.run.attempt > 1 || state.run.turn > 1) {
    // What it holds is an attempt's, and has been looked at when that one ended.
    if (found) await context.write(id, record, branches.foundWork(state, context.mover(), branchOf(state).before))
    return
  }
  const kept = await context.ports.vcs.preserve({ workspace, as: workspace, signal: context.signal })
  const oid = kept.ok ? kept.value.oid : null
  if (oid === base && !found) return
  if (oid !== base && isOld)
    context.problem(
      id,
      `${name} was there already: what is on it is kept and gone on with; to begin anew: retry --fresh`,
    )
  await context.write(id, record, branches.foundWork(state, context.mover(), oid))
}

export async function seal(context: EffectContext, action: ActionOf<'seal'>): Promise<void> {
  const { id, record, task } = action
  const branch = branchOf(record.state)
  const fail = (why: string): Promise<void> => {
    const last = record.state.run.failures + 1 >= context.policy.maxAttempts
    return failAttempt(context, { do: 'fail-attempt', id, record, why, last, quote: false })
  }
  const lost = action.gathered ? await lostFromBranch(context, id) : []
  if (lost.length > 0) {
    const target = context.policy.epics[id]?.target
    const reason = `the branch ${target} does not hold what ${lost.join(', ')} landed on it: somebody has moved it`
    const how = `Put it where it was (\`git reflog ${target}\` tells), then \`orch retry ${id} --fresh\`.`
    const options = ['retry --fresh', 'cancel']
    await context.write(id, record, moves.askPerson(record.state, context.mover(), reason, options, how))
    return
  }
  context.fence()
  const sealed = await context.ports.vcs.seal({
    workspace: branch.workspace,
    branch: branch.name,
    from: branch.base,
    before: branch.before,
    include: task.writes ?? context.policy.seal,
    guard: context.policy.protected,
    target: branch.target,
    message: `${task.title}\n\nLeft uncommitted by attempt ${moves.turnLabel(record.state)} of task ${id}.`,
    signal: context.signal,
  })
  if (!sealed.ok) return fail(`what it left cannot be committed: ${sealed.detail ?? sealed.reason}`)
  const { head, left, outside, guarded, changed, changedSince } = sealed.value
  if (changed && action.noChanges !== null && !action.gathered) {
    return fail(`it was to leave no changes (${action.noChanges}), but its branch holds some`)
  }
  if (changed && !action.said && !changedSince) {
    return fail(
      'its agent ended with exit 0 but changed nothing; what an attempt before it left half done is not landed',
    )
  }
  if (changed) {
    const made = regeneratedGlobs(context.policy)
    const astray = task.writes === undefined ? [] : outside.filter((path) => !covers(made, path))
    const why = action.gathered ? 'what its tasks did is to land as one change' : undefined
    const next = moves.committed(record.state, context.mover(), head, left, astray, guarded, why)
    await context.write(id, record, next)
    return
  }
  if (action.noChanges !== null) {
    const why = `no changes: ${action.noChanges}`
    await context.write(id, record, moves.ending(record.state, context.mover(), 'no-changes', why))
    return
  }
  const only = `its agent changed only files outside its scope: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ' …' : ''}`
  const nothing = 'its agent ended with exit 0 but changed nothing, and did not say `orch tell done --no-changes`'
  await fail(left.length > 0 ? only : nothing)
}

/** Everything that the attempt left is pinned before the record says that it failed. */
export async function failAttempt(context: EffectContext, action: ActionOf<'fail-attempt'>): Promise<void> {
  const { id, record, last } = action
  const why = action.quote ? await quoted(context, record, action.why) : action.why
  const kept = await keep(context, id, record.state)
  const failed = moves.failedAttempt(record.state, context.mover(), why, kept?.oid ?? null, jitter(context.random))
  if (!last) {
    await context.write(id, record, failed)
    return
  }
  const reason = `${count(failed.run.failures)} failed; the last one: ${why}`
  const options = ['retry', 'retry --fresh', 'cancel']
  const waiting = { ...failed, run: { ...failed.run, wants: null } }
  await context.write(id, record, moves.askPerson(waiting, context.mover(), reason, options))
}

/** Pins what the workspace of a task holds; null where that cannot be done, or there is none. */
export async function keep(context: EffectContext, id: TaskId, { branch }: RunState): Promise<Kept | null> {
  if (branch === null) return null
  const { workspace } = branch
  context.fence()
  const kept = await context.ports.vcs.preserve({ workspace, as: workspace, signal: context.signal })
  if (kept.ok) return kept.value
  if (kept.reason !== 'gone')
    context.problem(id, `not everything of ${id} could be pinned: ${kept.detail ?? kept.reason}`)
  return null
}

export async function startFresh(
  context: EffectContext,
  { id, record, answered }: ActionOf<'start-fresh'>,
): Promise<void> {
  await retire(context, record.state, id)
  await context.write(id, record, moves.retried(record.state, context.mover(), true), answered)
}

/** Throws when a process that is not ours still works in the workspace: a later pass tries again. */
export async function retire(context: EffectContext, state: RunState, id: TaskId): Promise<void> {
  if (state.branch === null) return
  const { signal } = context
  const { workspace, name } = state.branch
  const putAway = () => {
    context.fence()
    return context.ports.vcs.retire({ workspace, branch: name, signal })
  }
  let retired = await putAway()
  if (!retired.ok) {
    // Its agent's own, come to light only now, are stopped before anybody is asked to.
    await context.ports.runner.stop({ key: turnKey(id, state.run.attempt, state.run.turn), graceMs, signal })
    retired = await putAway()
  }
  if (!retired.ok)
    throw notNow('in-use', 'vcs', `the workspace of ${id} is in use: ${retired.detail ?? retired.reason}`)
  if (retired.value.moved !== null) {
    context.problem(
      id,
      `the workspace of ${id} holds what git cannot represent and was moved to ${retired.value.moved}`,
    )
  }
}

async function quoted(context: EffectContext, { id, state }: RunRecord, why: string): Promise<string> {
  const key = turnKey(id, state.run.attempt, state.run.turn)
  return withLast(why, await context.ports.runner.tail({ key, lines: 5, signal: context.signal }))
}

export function branchOf(state: RunState): BranchFacts {
  if (state.branch === null) throw new OrchError('bug', 'a claimed task has a branch')
  return state.branch
}

function count(failures: number): string {
  return failures === 1 ? 'its only attempt' : `${failures} attempts`
}
