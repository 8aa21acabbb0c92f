import type { Dice } from './dice.ts'

/** What may go wrong with a call of a port, at its very boundary. */
export const callFaults = [
  'crash-before',
  'crash-after',
  'error',
  'timeout-done',
  'timeout-undone',
  'timeout-done-later',
  'pause',
] as const
/** What may go wrong with an answer that only tells. */
export const readFaults = ['stale-read', 'torn-read'] as const
/** What somebody may do to the target after it was landed on: at once, or just before that is looked at anew. */
export const landingFaults = ['landing-undone'] as const
export const verifyingFaults = ['landing-undone-late'] as const
/** What may become of a push. */
export const remoteFaults = ['remote-away', 'remote-refuses'] as const
/** What may become of a merge by the review host. */
export const hostDoes = {
  'host-rules-unmet': 'unmet',
  'host-says-nothing': 'silent',
  'host-is-raced': 'raced',
} as const
export const hostFaults = Object.keys(hostDoes) as readonly (keyof typeof hostDoes)[]
export const hintFaults = ['lost-nudge', 'duplicated-nudge'] as const

/**
 * Everything in a run that does not have to be: faults, people, agents that do not just work. Each has a place in the order in which the
 * seed deals them, so that a run can be played again without some of them.
 */
export class Mishaps {
  /** From then on nothing more goes wrong. */
  off = false
  /** How often each came, by name. */
  readonly reached = new Map<string, number>()
  readonly #dice: Dice
  readonly #without: ReadonlySet<number>
  readonly #places: number[] = []
  #dealt = 0

  constructor(dice: Dice, without: ReadonlySet<number>) {
    this.#dice = dice
    this.#without = without
  }

  /** The places of those that came. */
  get places(): readonly number[] {
    return this.#places
  }

  /** `likely` of the time one of `names`, otherwise null. */
  deal<Name extends string>(names: readonly Name[], likely: number): Name | null {
    if (this.off || !this.#dice.chance(likely)) return null
    const name = this.#dice.pick(names)
    const place = this.#dealt++
    if (this.#without.has(place)) return null
    this.#places.push(place)
    this.reached.set(name, (this.reached.get(name) ?? 0) + 1)
    return name
  }
}
