import { turnKey } from '../model/process-key.ts'
import type { BranchFacts, RunRecord, RunState } from '../model/run-state.ts'
import { diagnoseLeftovers } from './diagnose-leftovers.ts'
import { diagnoseProcesses } from './diagnose-processes.ts'
import type { Examined } from './examined.ts'
import { type Finding, finding } from './finding.ts'
import { atWork } from './standing.ts'

/** Whatever queue, git, processes and worktrees do not agree on. Pure; what cannot be told is no finding. */
export function diagnose(examined: Examined): readonly Finding[] {
  const { outages, queue } = examined
  return [
    ...outages.map(({ port, message, retryable }) =>
      finding('no-answer', { subject: port, what: message, needs: retryable ? 'run' : 'person' }),
    ),
    ...(queue === null ? [] : [...queue.records.values()].flatMap((record) => ofRecord(examined, queue, record))),
    ...diagnoseProcesses(examined),
    ...diagnoseLeftovers(examined),
    ...ofRepository(examined),
  ]
}

type Queue = NonNullable<Examined['queue']>

function ofRecord(examined: Examined, queue: Queue, { id, state }: RunRecord): readonly Finding[] {
  if (state.phase === 'closed' || state.phase === 'open') return []
  const found: Finding[] = []
  const { owner } = state.run
  const tell = (...given: Parameters<typeof finding>) => found.push(finding(given[0], { task: id, ...given[1] }))
  if (queue.complete && !queue.tasks.has(id) && state.outcome === null)
    tell('lost-task', {
      subject: id,
      what: `${id} is ${state.phase} and not in its source any more; put it back there`,
    })
  ofCommits(examined, state, tell)
  // What a living orchestrator is about to do looks the same.
  if (owner !== null && queue.liveOwners.has(owner)) return found
  if (owner !== null && !waitsForPerson(state))
    tell('dead-owner', {
      subject: owner,
      what: `${id} is ${state.phase} and belongs to ${owner}, which does not live any more`,
    })
  if (state.outcome !== null || state.branch === null || queue.tasks.get(id)?.kind === 'sync') return found
  ofBranch(examined, state, state.branch, tell)
  const turn = examined.processes?.get(turnKey(id, state.run.attempt, state.run.turn))
  if (atWork(state) && turn?.is === 'unknown' && state.run.stuck === null)
    tell('unreadable-turn', { subject: turnKey(id, state.run.attempt, state.run.turn), what: turn.why })
  return found
}

/** A run that has ended leaves it so: nobody has to take it over. */
function waitsForPerson({ phase, run, review, outcome }: RunState): boolean {
  if (outcome !== null) return false
  const isUnderReview = review?.reviewer?.run != null && review.verdict === undefined
  const isAtGate = phase === 'pr_created' && review?.approved !== true && review?.candidate == null && !isUnderReview
  return run.stuck !== null || run.taken != null || run.paused === true || (isAtGate && run.wants === null)
}

type Tell = (...given: Parameters<typeof finding>) => unknown

function ofCommits({ vcs }: Examined, { branch, review, phase }: RunState, tell: Tell): void {
  const missing = new Set(vcs?.inspection?.missing)
  if (phase === 'merged') return
  const head = branch?.head
  if (head != null && missing.has(head))
    tell('lost-commit', {
      subject: head,
      what: `the commit ${head} of ${branch?.name} is not in the repository; fetch or restore it, or \`orch retry --fresh\``,
    })
  const candidate = review?.candidate?.commit
  if (candidate !== undefined && missing.has(candidate))
    tell('lost-candidate', { subject: candidate, what: `the candidate ${candidate} is not in the repository` })
}

function ofBranch({ vcs }: Examined, { phase, run }: RunState, branch: BranchFacts, tell: Tell): void {
  // Claimed, and nothing made yet.
  if (vcs === null || (phase === 'spawned' && run.turn === 1)) return
  const workspace = vcs.workspaces.get(branch.workspace)
  if (workspace === undefined)
    tell('no-workspace', { subject: branch.workspace, what: `the worktree ${branch.workspace} is gone` })
  else if (workspace.state === 'torn')
    tell('torn-workspace', { subject: workspace.directory, what: `${workspace.directory} is not whole` })
  const branches = vcs.inspection?.branches
  if (branches !== undefined && !branches.has(branch.name))
    tell('no-branch', { subject: branch.name, what: `the branch ${branch.name} is gone` })
}

function ofRepository({ vcs, queue }: Examined): readonly Finding[] {
  const inspection = vcs?.inspection
  if (inspection == null) return []
  const each = (code: Parameters<typeof finding>[0], paths: readonly string[], what: (path: string) => string) =>
    paths.map((subject) => finding(code, { subject, what: what(subject) }))
  return [
    ...inspection.locks.map(({ path, isOurs }) =>
      finding('left-lock', {
        subject: path,
        what: `nobody holds the lock ${path}`,
        mend: { do: 'unlock', path },
        needs: isOurs ? 'run' : 'fix',
      }),
    ),
    ...each('foreign-worktree', inspection.torn, (path) => `${path} is damaged and not ours; move it away`),
    ...[...inspection.checkouts]
      .filter(([, paths]) => paths.length > 1)
      .map(([branch, paths]) =>
        finding('target-twice', {
          subject: paths.join(', '),
          what: `${branch}, which changes land on, is checked out in ${paths.join(' and ')}`,
        }),
      ),
    ...each('blind-checkout', inspection.blind, (path) => `git does not look at every file of ${path}`),
    ...inspection.leavings.map((path) =>
      finding('leavings', { subject: path, what: `${path} is left over`, mend: { do: 'sweep' } }),
    ),
    ...(inspection.landing === null
      ? []
      : [
          finding('unfinished-landing', {
            subject: inspection.landing,
            what: `the landing of ${inspection.landing} was interrupted`,
            mend: { do: 'sweep' },
            needs: queue !== null && queue.liveOwners.size > 0 ? 'nobody' : 'run',
          }),
        ]),
  ]
}
