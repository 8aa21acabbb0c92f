import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import { problemAt } from '../model/value-checks.ts'
import type { OrchestratorOptions } from './contract.ts'
import { checkedPolicy } from './policy-input.ts'
import type { Setup } from './ports.ts'
import { redactionOf } from './redacted.ts'
import { redactingPorts } from './redacting-ports.ts'
import { systemClock } from './system-clock.ts'

/** What an orchestrator is made of, with all defaults. Throws `invalid-configuration` with every problem. */
export function setupOf(options: OrchestratorOptions): Setup {
  const { queue, vcs, runner, review = null, board = null, agent, clock = systemClock() } = options
  const redact = redactionOf(options)
  return {
    ports: redactingPorts({ queue, vcs, runner, review, board, clock }, redact),
    redact,
    agent,
    policy: withLease(withTarget(checkedPolicy(options.policy), vcs.target), queue.shortestLeaseMs),
    random: options.random ?? Math.random,
    owner: options.owner ?? `orch-${globalThis.crypto.randomUUID().slice(0, 8)}`,
  }
}

function withTarget(policy: Policy, target: string): Policy {
  const same = Object.entries(policy.epics).find(([, epic]) => epic.target === target)
  if (same === undefined) return policy
  const problem = problemAt(
    ['epics', same[0], 'target'],
    `${target} is where all changes land; name a branch of its own`,
  )
  throw new OrchError('invalid-configuration', problem.message, { problems: [problem] })
}

function withLease(policy: Policy, shortestMs = 0): Policy {
  return { ...policy, leaseMs: Math.max(policy.leaseMs, shortestMs) }
}
