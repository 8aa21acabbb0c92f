import type { Steps } from './product.ts'
import { SegmentPattern } from './segment-pattern.ts'
import type { Step, Track } from './track.ts'

/** A place in a trie of patterns: what all that go through it begin with, segment by segment. */
export interface Place {
  readonly id: number
  readonly names: Map<string, Place>
  readonly patterns: Map<string, { readonly pattern: SegmentPattern; readonly to: Place }>
  /** Where any number of segments may follow from here; those are passed at `onward` itself. */
  onward: Place | null
  /** It may take any segment and stay. */
  readonly loops: boolean
  /** Whether there is more than one way to come here with the same path. */
  readonly loose: boolean
  /** The numbers of the patterns that end here; with anything below; and in a way that does not come in segments. */
  readonly here: number[]
  readonly below: number[]
  readonly opaque: number[]
  /** All that go through here, in `Trie.ends`: from `from` to before `to`. */
  from: number
  to: number
}

export interface End {
  /** The number of a pattern. */
  readonly pattern: number
  /** Whether it meets what comes here has to be found out by comparing. */
  readonly opaque: boolean
}

type PatternStep = Extract<Step, { readonly is: 'pattern' }>

export class Trie {
  readonly root: Place
  /** Where patterns end, so that those below one place stand together. Filled by `finish`. */
  readonly ends: End[] = []
  readonly #patterns = new Map<string, SegmentPattern>()
  readonly #steps: Steps
  #size = 0

  constructor(steps: Steps) {
    this.#steps = steps
    this.root = this.#place(false, false)
  }

  get size(): number {
    return this.#size
  }

  add(pattern: number, track: Track): void {
    if (track.steps.some((step) => step.is === 'pattern' && !this.#canMatch(step))) return
    let at = this.root
    for (const step of track.steps) at = this.#next(at, step)
    const ends = track.ends === 'here' ? at.here : track.ends === 'below' ? at.below : at.opaque
    if (ends.at(-1) !== pattern) ends.push(pattern)
  }

  /** Call it when everything was added. */
  finish(): void {
    const stack: { readonly place: Place; entered: boolean }[] = [{ place: this.root, entered: false }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { place } = top
      if (top.entered) {
        place.to = this.ends.length
        stack.pop()
        continue
      }
      top.entered = true
      place.from = this.ends.length
      for (const ends of [place.here, place.below])
        for (const pattern of ends) this.ends.push({ pattern, opaque: false })
      for (const pattern of place.opaque) this.ends.push({ pattern, opaque: true })
      for (const next of place.names.values()) stack.push({ place: next, entered: false })
      for (const { to } of place.patterns.values()) stack.push({ place: to, entered: false })
      if (place.onward !== null) stack.push({ place: place.onward, entered: false })
    }
  }

  #next(at: Place, step: Step): Place {
    if (step.is === 'any') {
      at.onward ??= this.#place(true, true)
      return at.onward
    }
    if (step.is === 'name') {
      const known = at.names.get(step.name)
      if (known !== undefined) return known
      const next = this.#place(false, at.loose)
      at.names.set(step.name, next)
      return next
    }
    const known = at.patterns.get(step.key)
    if (known !== undefined) return known.to
    const to = this.#place(false, at.loose)
    at.patterns.set(step.key, { pattern: this.#pattern(step), to })
    return to
  }

  #canMatch(step: PatternStep): boolean {
    const pattern = this.#pattern(step)
    return pattern.meets(pattern, this.#steps)
  }

  #pattern(step: PatternStep): SegmentPattern {
    const known = this.#patterns.get(step.key)
    if (known !== undefined) return known
    const pattern = new SegmentPattern(step.nodes, step.caseSensitive)
    this.#patterns.set(step.key, pattern)
    return pattern
  }

  #place(loops: boolean, loose: boolean): Place {
    return {
      id: this.#size++,
      names: new Map(),
      patterns: new Map(),
      onward: null,
      loops,
      loose,
      here: [],
      below: [],
      opaque: [],
      from: 0,
      to: 0,
    }
  }
}
