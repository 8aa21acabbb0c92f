import { checkKeysOf } from '../decide/checking.ts'
import { isStale } from '../decide/stale.ts'
import type { World } from '../decide/world.ts'
import type { Policy } from '../model/policy.ts'
import type { ProcessKey } from '../model/process-key.ts'

/** A check-out in which a process works, or has worked. */
export interface HeldCheckout {
  readonly directory: string
  release(): void
  /** It was this process that started the one that works in it: another may have been first, elsewhere. */
  isIts: boolean
}

/**
 * Check-outs in which processes of ours work. Each is given back when its process was seen to have ended, with all that it started, and
 * nobody waits for what it has left there; what is never seen stays away from everybody until this process ends.
 */
export class Checkouts {
  readonly #held = new Map<ProcessKey, HeldCheckout>()
  readonly #over = new Set<ProcessKey>()

  hold(key: ProcessKey, directory: string, release: () => void = () => undefined): HeldCheckout {
    const held = { directory, release, isIts: false }
    this.#held.set(key, held)
    return held
  }

  /** From then on it is the caller's to release. Null: where this key has worked is not known. */
  take(key: ProcessKey): HeldCheckout | null {
    const held = this.#held.get(key)
    if (held?.isIts !== true) return null
    this.#held.delete(key)
    this.#over.delete(key)
    return held
  }

  giveBack({ turns, records }: Pick<World, 'turns' | 'records'>, policy: Policy): void {
    const awaited = new Set(
      [...records.values()].flatMap((record) => {
        const candidate = record.state.review?.candidate
        return isStale(candidate) ? checkKeysOf({ policy }, record) : []
      }),
    )
    for (const [key, { release }] of this.#held) {
      const turn = turns.get(key)
      if ((turn?.is === 'ended' || turn?.is === 'vanished') && !turn.survivors) this.#over.add(key)
      if (!this.#over.has(key) || awaited.has(key)) continue
      this.#held.delete(key)
      this.#over.delete(key)
      release()
    }
  }
}
