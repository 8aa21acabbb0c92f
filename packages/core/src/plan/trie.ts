import type { Effort } from './product.ts'
import { SegmentPattern } from './segment-pattern.ts'
import type { Step, Track } from './track.ts'

/** A place in a trie of patterns: what all that go through it begin with, segment by segment. */
export interface Place {
  readonly id: number
  /** What may come next, by name; null: nothing does. */
  names: Map<string, Place> | null
  /** The same by pattern. */
  patterns: Map<string, Branch> | null
  /** Where any number of segments may follow from here; they are passed at `onward` itself. */
  onward: Place | null
  /** It may take any segment and stay. */
  readonly loops: boolean
  /** Whether there is more than one way to come here with the same path. */
  readonly loose: boolean
  readonly ends: End[]
  /** All that end here or further on, in `Trie.ends`: from `from` to before `to`. */
  from: number
  to: number
}

interface Branch {
  readonly pattern: SegmentPattern
  readonly to: Place
}

/** Where a pattern ends, and how: here, with anything below, or in a way that does not come in segments. */
export interface End {
  /** The number of the pattern. */
  readonly of: number
  readonly ends: Track['ends']
}

type PatternStep = Extract<Step, { readonly is: 'pattern' }>

export class Trie {
  readonly root: Place
  /** Those of one place and of the places after it stand together. Filled by `finish`. */
  readonly ends: End[] = []
  readonly #patterns = new Map<string, SegmentPattern>()
  readonly #effort: Effort
  #size = 0

  constructor(effort: Effort) {
    this.#effort = effort
    this.root = this.#place(false, false)
  }

  get size(): number {
    return this.#size
  }

  add(pattern: number, track: Track): void {
    for (const step of track.steps) this.#effort.left -= step.is === 'pattern' ? 4 + step.key.length : 4
    if (track.steps.some((step) => step.is === 'pattern' && !this.#canMatch(step))) return
    let at = this.root
    for (const step of track.steps) at = this.#next(at, step)
    at.ends.push({ of: pattern, ends: track.ends })
  }

  /** Call it when everything was added. */
  finish(): void {
    const waiting: Place[] = [this.root]
    const entered = new Set<Place>()
    for (let place = waiting.at(-1); place !== undefined; place = waiting.at(-1)) {
      if (entered.has(place)) {
        place.to = this.ends.length
        waiting.pop()
        continue
      }
      place.from = this.ends.length
      for (const end of place.ends) this.ends.push(end)
      place.to = this.ends.length
      if (place.names === null && place.patterns === null && place.onward === null) {
        waiting.pop()
        continue
      }
      entered.add(place)
      if (place.names !== null) for (const next of place.names.values()) waiting.push(next)
      if (place.patterns !== null) for (const { to } of place.patterns.values()) waiting.push(to)
      if (place.onward !== null) waiting.push(place.onward)
    }
  }

  #next(at: Place, step: Step): Place {
    if (step.is === 'any') {
      at.onward ??= this.#place(true, true)
      return at.onward
    }
    if (step.is === 'name') {
      at.names ??= new Map()
      const known = at.names.get(step.name)
      if (known !== undefined) return known
      const next = this.#place(false, at.loose)
      at.names.set(step.name, next)
      return next
    }
    at.patterns ??= new Map()
    const known = at.patterns.get(step.key)
    if (known !== undefined) return known.to
    const to = this.#place(false, at.loose)
    at.patterns.set(step.key, { pattern: this.#pattern(step), to })
    return to
  }

  #canMatch(step: PatternStep): boolean {
    return this.#pattern(step).canMatch(this.#effort)
  }

  #pattern(step: PatternStep): SegmentPattern {
    const known = this.#patterns.get(step.key)
    if (known !== undefined) return known
    const pattern = new SegmentPattern(step.nodes, step.caseSensitive)
    this.#patterns.set(step.key, pattern)
    return pattern
  }

  #place(loops: boolean, loose: boolean): Place {
    const id = this.#size++
    return { id, names: null, patterns: null, onward: null, loops, loose, ends: [], from: 0, to: 0 }
  }
}
