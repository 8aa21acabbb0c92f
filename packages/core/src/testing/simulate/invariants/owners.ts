import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 1: nobody writes into the record of an owner whose lease held all the while. */
export function owners({ mirror, violate }: Scene): Checker {
  return {
    after({ actor, port, verb, options }, answer) {
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const owner = mirror.states.get(options.id)?.run.owner ?? null
      if (owner === null || owner === actor.name) return
      const since = mirror.readAt.get(actor.name) ?? mirror.clock.elapsed()
      if (mirror.surelyLives(owner, since))
        violate(1, `${actor.name} wrote into ${options.id} of ${owner}, which lives`)
    },
  }
}
