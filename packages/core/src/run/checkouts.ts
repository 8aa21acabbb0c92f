import type { World } from '../decide/world.ts'
import type { ProcessKey } from '../model/process-key.ts'

/**
 * Check-outs in which processes of ours work. Each is given back when its process was seen to have ended, with all that it started; what
 * is never seen stays away from everybody until this process ends.
 */
export class Checkouts {
  readonly #release = new Map<ProcessKey, () => void>()

  hold(key: ProcessKey, release: () => void): void {
    this.#release.set(key, release)
  }

  giveBack({ turns }: Pick<World, 'turns'>): void {
    for (const [key, release] of this.#release) {
      const turn = turns.get(key)
      if ((turn?.is !== 'ended' && turn?.is !== 'vanished') || turn.survivors) continue
      this.#release.delete(key)
      release()
    }
  }
}
