import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** What moves the world in a way that a later owner could not undo by looking. */
const moving = new Set([
  'vcs.createTarget',
  'vcs.createWorkspace',
  'vcs.seal',
  'vcs.retire',
  'vcs.land',
  'runner.start',
  'runner.send',
  'review.open',
  'review.merge',
])

/** 1: who was paused for longer than its lease, or does not have the only seat, begins nothing that moves the world. */
export function fence({ mirror, violate, setting }: Scene): Checker {
  return {
    issued({ actor, port, verb, options }) {
      const isClaim = port === 'queue' && verb === 'write' && options.seen !== undefined
      if (!isClaim && !moving.has(`${port}.${verb}`)) return
      if (mirror.seatless.has(actor.name)) violate(1, `${actor.name} calls ${port}.${verb} without the seat`)
      const renewedAt = mirror.renewedAt.get(actor.name)
      const age = renewedAt === undefined ? Number.POSITIVE_INFINITY : mirror.clock.elapsed() - renewedAt
      if (age >= setting.policy.leaseMs)
        violate(1, `${actor.name} calls ${port}.${verb} although its lease has run out`)
      if ((mirror.lapsedAt.get(actor.name) ?? -1) > (mirror.readAt.get(actor.name) ?? 0))
        violate(1, `${actor.name} calls ${port}.${verb} by what it read before its lease ran out`)
    },
  }
}

/** 1: nobody writes into the record of an owner whose lease held all the while. */
export function owners({ mirror, violate }: Scene): Checker {
  const decidedAt = new WeakMap<Call, number>()
  return {
    issued(call) {
      decidedAt.set(call, mirror.readAt.get(call.actor.name) ?? 0)
    },
    after(call, answer) {
      const { actor, port, verb, options } = call
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const owner = mirror.states.get(options.id)?.run.owner ?? null
      if (owner === null || owner === actor.name) return
      if (mirror.surelyLives(owner, decidedAt.get(call) ?? 0))
        violate(1, `${actor.name} wrote into ${options.id} of ${owner}, which lives`)
    },
  }
}
