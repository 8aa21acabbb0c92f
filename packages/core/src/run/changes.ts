import type { EventEmitter } from 'eventemitter3'
import { isGathering } from '../decide/turn.ts'
import type { Policy } from '../model/policy.ts'
import type { RunState } from '../model/run-state.ts'
import { statusOf } from '../model/status.ts'
import type { TaskId } from '../model/task.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import type { OrchestratorEvents } from './events.ts'

/** Tells users what a write of ours changed. The one place where events of tasks come from. */
export function emitChanges(
  events: EventEmitter<OrchestratorEvents>,
  task: TaskId,
  before: RunState | null,
  after: RunState,
  policy: Policy,
): void {
  const { run } = after
  const ran = before?.run
  const claimed = after.phase === 'spawned' && before?.phase !== 'spawned'
  if (claimed || (after.phase === 'spawned' && ran?.attempt !== run.attempt)) {
    events.emit('task-claimed', { task, attempt: run.attempt })
  }
  if (after.phase === 'working' && before?.phase === 'spawned') {
    if (isGathering(policy, { id: task, state: after }))
      events.emit('epic-gathered', { epic: task, target: policy.epics[task]?.target ?? '' })
    else events.emit('task-started', { task, attempt: run.attempt, turn: run.turn })
  }
  // The last failure says itself as stuck.
  if (run.failures > (ran?.failures ?? 0) && run.stuck === null) {
    events.emit('task-failed', { task, attempt: run.attempt, why: run.why })
  }
  if (run.stuck !== null && ran?.stuck !== run.stuck) events.emit('task-stuck', { task, stuck: run.stuck })
  const guided = run.guidance.at(-1)
  if (run.guidance.length > (ran?.guidance.length ?? 0) && guided?.isNews !== true) {
    events.emit('task-guided', { task, text: guided?.text ?? '' })
  }
  if (after.phase === 'committed' && before?.phase !== 'committed' && after.branch !== null) {
    const { head, left, outside = [] } = after.branch
    events.emit('task-committed', { task, head: head ?? '', left, outside })
  }
  if (run.taken != null && ran?.taken == null) events.emit('task-taken', { task })
  const isPaused = run.paused ?? false
  if (isPaused !== (ran?.paused ?? false)) events.emit('task-paused', { task, paused: isPaused })
  const { lost = 0, failure } = after.review?.reviewer ?? {}
  if (lost > (before?.review?.reviewer?.lost ?? 0))
    events.emit('review-failed', { task, head: after.review?.head ?? '', why: failure ?? run.why })
  const waits = after.review?.waits ?? null
  if (waits !== null && before?.review?.waits?.why !== waits.why) {
    events.emit('task-waits', { task, for: waits.for, why: waits.why })
  }
  const landed = after.review?.landed ?? null
  if (landed !== null && before?.review?.landed == null) events.emit('task-landed', { task, ...landed })
  if (after.phase === 'closed' && before?.phase !== 'closed' && after.outcome !== null) {
    events.emit('task-closed', { task, outcome: after.outcome })
  }
}

/** Tells the source's people. Nothing waits for it and nothing depends on it. */
export function announce(
  queue: TaskQueue,
  events: EventEmitter<OrchestratorEvents>,
  { id, before, after, signal }: { id: TaskId; before: RunState | null; after: RunState; signal: AbortSignal },
): void {
  const status = statusOf(after, null)
  if (queue.announce === undefined || status === statusOf(before, null)) return
  queue.announce({ id, attempt: after.run.attempt, status, note: after.run.why, signal }).catch((error: unknown) => {
    events.emit('problem', { task: id, message: `${queue.name} could not be told of ${id}: ${String(error)}` })
  })
}
