import type { RunState } from '../../../model/run-state.ts'
import type { Call } from '../call.ts'
import type { Scene } from './scene.ts'

/** Written with the revision of a snapshot: it takes a seat. */
export function isClaim({ port, verb, options }: Call): boolean {
  if (port !== 'queue' || verb !== 'write' || options.seen === undefined) return false
  const next: RunState = options.next
  return next.phase === 'spawned' && next.run.why.includes('claim')
}

/** A store with one seat does not look at what a claim was decided on, and neither people nor late calls wait for the seat. */
export function decisions({ setting, mirror }: Scene): {
  issued(call: Call): void
  isStale(call: Call): boolean
} {
  const decidedAt = new WeakMap<Call, number>()
  return {
    issued: (call) => void decidedAt.set(call, mirror.readAt.get(call.actor.name) ?? 0),
    isStale: (call) => setting.schedulers === 'one' && mirror.unguardedAt >= (decidedAt.get(call) ?? 0),
  }
}
