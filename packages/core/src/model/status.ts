import type { Report } from './report.ts'
import type { RunState } from './run-state.ts'

/** What a person reads. Derived, never stored; `complete` waits for landing. */
export type Status = 'waiting' | 'registered' | 'planning' | 'working' | 'stuck' | 'complete' | 'merged' | 'cancelled'

/** @param report the last report of the task's present turn, where one is known */
export function statusOf(state: RunState | null, report: Report | null): Status {
  if (state === null) return 'waiting'
  if (state.outcome === 'cancelled') return 'cancelled'
  if (state.run.stuck !== null) return 'stuck'
  // No agent works on it, and it comes from nobody but the person who has it.
  if (state.run.taken != null && state.outcome === null) return 'waiting'
  switch (state.phase) {
    case 'open':
      return 'waiting'
    case 'spawned':
      return 'registered'
    case 'working':
      return report?.tell === 'planning' ? 'planning' : 'working'
    case 'committed':
    case 'pr_created':
      return 'complete'
    case 'merged':
    case 'closed':
      return 'merged'
  }
}
