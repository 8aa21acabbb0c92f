import { listAt } from './lists.ts'
import type { Lists } from './project.ts'

/** How many tasks can be marked at once: bits of an integer. */
export const mostMarks = 32

/** Who waits for whom, directly or through others, asked for some marked tasks at a time. Without recursion: chains can be long. */
export class Reach {
  readonly #references: Lists
  readonly #order: readonly number[]

  /** @param references what each task waits for, by index */
  constructor(references: Lists) {
    this.#references = references
    this.#order = linearOrder(references)
  }

  /** Which of the marked tasks each task waits for: bit `n` stands for `marks[n]`. */
  before(marks: readonly number[]): Int32Array {
    const own = this.#own(marks)
    const out = new Int32Array(own.length)
    for (const index of this.#order) {
      let bits = 0
      for (const on of listAt(this.#references, index)) bits |= (out[on] ?? 0) | (own[on] ?? 0)
      out[index] = bits
    }
    return out
  }

  /** Which of the marked tasks wait for each task. */
  after(marks: readonly number[]): Int32Array {
    const own = this.#own(marks)
    const out = new Int32Array(own.length)
    for (const index of this.#order.toReversed()) {
      const bits = (out[index] ?? 0) | (own[index] ?? 0)
      if (bits !== 0) for (const on of listAt(this.#references, index)) out[on] = (out[on] ?? 0) | bits
    }
    return out
  }

  #own(marks: readonly number[]): Int32Array {
    const own = new Int32Array(this.#references.at.length - 1)
    for (const [bit, index] of marks.slice(0, mostMarks).entries()) own[index] = 1 << bit
    return own
  }
}

/** Every index after what it waits for, as far as there are no circles. */
function linearOrder({ at, items }: Lists): readonly number[] {
  const size = at.length - 1
  const out: number[] = []
  const begun = new Uint8Array(size)
  const next = at.slice(0, size)
  for (let root = 0; root < size; root++) {
    if (begun[root] === 1) continue
    begun[root] = 1
    const path = [root]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const place = next[top] ?? 0
      if (place >= (at[top + 1] ?? 0)) {
        out.push(top)
        path.pop()
        continue
      }
      next[top] = place + 1
      const on = items[place] ?? 0
      if (begun[on] === 0) {
        begun[on] = 1
        path.push(on)
      }
    }
  }
  return out
}
