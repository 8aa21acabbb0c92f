import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

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
