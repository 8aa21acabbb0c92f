import { linearOrder, upTo } from './lists.ts'
import type { Lists } from './project.ts'

/** How many tasks can be marked at once: bits of an integer. */
export const mostMarks = 32

/** Who waits for whom, directly or through others, asked for some marked tasks at a time. Without recursion: chains can be long. */
export class Reach {
  readonly #references: Lists
  readonly #order: Iterable<number> & ArrayLike<number>

  /**
   * @param references what each task waits for, by index
   * @param isOrdered it waits for tasks before it only
   */
  constructor(references: Lists, isOrdered = false) {
    this.#references = references
    this.#order = isOrdered ? upTo(references.at.length - 1) : linearOrder(references)
  }

  /** Which of the marked tasks each task waits for: bit `n` stands for `marks[n]`. */
  before(marks: readonly number[]): Int32Array {
    const { at, items } = this.#references
    const own = this.#own(marks)
    const out = new Int32Array(own.length)
    for (const index of this.#order) {
      const to = at[index + 1] ?? 0
      let bits = 0
      for (let edge = at[index] ?? 0; edge < to; edge++) {
        const on = items[edge] ?? 0
        bits |= (out[on] ?? 0) | (own[on] ?? 0)
      }
      out[index] = bits
    }
    return out
  }

  /** Which of the marked tasks wait for each task. */
  after(marks: readonly number[]): Int32Array {
    const { at, items } = this.#references
    const own = this.#own(marks)
    const out = new Int32Array(own.length)
    for (let next = this.#order.length - 1; next >= 0; next--) {
      const index = this.#order[next] ?? 0
      const bits = (out[index] ?? 0) | (own[index] ?? 0)
      if (bits === 0) continue
      const to = at[index + 1] ?? 0
      for (let edge = at[index] ?? 0; edge < to; edge++) {
        const on = items[edge] ?? 0
        out[on] = (out[on] ?? 0) | bits
      }
    }
    return out
  }

  #own(marks: readonly number[]): Int32Array {
    const own = new Int32Array(this.#references.at.length - 1)
    for (const [bit, index] of marks.slice(0, mostMarks).entries()) own[index] = 1 << bit
    return own
  }
}
