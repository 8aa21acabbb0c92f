import type { Policy } from '../model/policy.ts'
import type { AgentProfile } from '../model/profile.ts'
import type { Redact } from '../model/redaction.ts'
import type { OwnerId } from '../model/run-state.ts'
import type { AgentRunner } from '../ports/agent-runner.ts'
import type { Board } from '../ports/board.ts'
import type { Clock } from '../ports/clock.ts'
import type { ReviewHost } from '../ports/review-host.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import type { Vcs } from '../ports/vcs.ts'

/** Everything that the run touches the world with. */
export interface Ports {
  readonly queue: TaskQueue
  readonly vcs: Vcs
  readonly runner: AgentRunner
  readonly review: ReviewHost | null
  readonly board: Board | null
  readonly clock: Clock
}

/** What one orchestrator is made of. */
export interface Setup {
  readonly ports: Ports
  readonly agent: AgentProfile
  /** Who looks at changes where `policy.landing.review` is `agent`. */
  readonly reviewer: AgentProfile
  readonly policy: Policy
  readonly owner: OwnerId
  /** For what is made of tasks and records here; the ports redact by themselves. */
  readonly redact: Redact
  /** From 0 up to, not including, 1. */
  readonly random: () => number
}
