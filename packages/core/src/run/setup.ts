import { OrchError, type Problem } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import { problemAt } from '../model/value-checks.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { OrchestratorOptions } from './contract.ts'
import { checkedPolicy, hostProblems, reviewerProblems } from './policy-input.ts'
import type { Setup } from './ports.ts'
import { redactionOf } from './redacted.ts'
import { redactingPorts } from './redacting-ports.ts'
import { systemClock } from './system-clock.ts'

/** What an orchestrator is made of, with all defaults. Throws `invalid-configuration` with every problem. */
export function setupOf(options: OrchestratorOptions): Setup {
  const { queue, vcs, runner, review = null, board = null, agent, reviewer = agent, clock = systemClock() } = options
  const redact = redactionOf({ runner, profiles: [agent, reviewer] })
  const policy = withLease(withTarget(checkedPolicy(options.policy), vcs), queue.shortestLeaseMs)
  const problems = [
    ...viaProblems(policy, vcs.via ?? 'local'),
    ...hostProblems(options.policy, review?.merge !== undefined),
    ...reviewerProblems(options.reviewer, options.policy),
  ]
  if (problems.length > 0) throw new OrchError('invalid-configuration', problems[0]?.message ?? '', { problems })
  return {
    ports: redactingPorts({ queue, vcs, runner, review, board, clock }, redact),
    redact,
    agent,
    reviewer,
    policy,
    random: options.random ?? Math.random,
    owner: options.owner ?? `orch-${globalThis.crypto.randomUUID().slice(0, 8)}`,
  }
}

/** Two have to say that something lands on a remote: who wants it, and who can. */
function viaProblems({ landing: { via } }: Policy, does: 'local' | 'push'): readonly Problem[] {
  if ((via === 'local') === (does === 'local')) return []
  const message =
    via === 'local'
      ? 'the version control pushes what lands, and policy.landing.via does not say so: set it to push'
      : `policy.landing.via is ${via}, and the version control knows no remote: give it one, \`local({ …, remote: {} })\``
  return [{ code: 'invalid-value', field: 'policy.landing.via', message }]
}

function withTarget(policy: Policy, { target, via }: Pick<Vcs, 'target' | 'via'>): Policy {
  // The branch here follows the remote's of the same name.
  const isTarget = (branch: string): boolean => branch === target || (via === 'push' && target.endsWith(`/${branch}`))
  const same = Object.entries(policy.epics).find(([, epic]) => isTarget(epic.target))
  if (same === undefined) return policy
  const [name, { target: branch }] = same
  const why = `${branch} is where all changes land (\`target\`, by default the branch that is checked out); name another`
  const problem = problemAt(['epics', name, 'target'], why)
  throw new OrchError('invalid-configuration', problem.message, { problems: [problem] })
}

function withLease(policy: Policy, shortestMs = 0): Policy {
  return { ...policy, leaseMs: Math.max(policy.leaseMs, shortestMs) }
}
