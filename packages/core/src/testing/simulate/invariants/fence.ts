import type { Checker } from '../call.ts'
import type { Scene } from './scene.ts'

/** What moves the world in a way that a later owner could not undo by looking. */
const moving = new Set([
  'vcs.createWorkspace',
  'vcs.seal',
  'vcs.retire',
  'vcs.land',
  'runner.start',
  'runner.send',
  'review.open',
])

/** 1: who was paused for longer than its lease begins nothing that moves the world. */
export function fence({ mirror, violate, setting }: Scene): Checker {
  return {
    issued({ actor, port, verb, options }) {
      const isClaim = port === 'queue' && verb === 'write' && options.seen !== undefined
      if (!isClaim && !moving.has(`${port}.${verb}`)) return
      const renewedAt = mirror.renewedAt.get(actor.name)
      const age = renewedAt === undefined ? Number.POSITIVE_INFINITY : mirror.clock.elapsed() - renewedAt
      if (age >= setting.policy.leaseMs)
        violate(1, `${actor.name} calls ${port}.${verb} although its lease has run out`)
    },
  }
}
