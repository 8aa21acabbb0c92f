/** What came of a train: it landed, or one on it did not. */
export type Judged = 'landed' | 'failed'

/** How many changes are checked together: one more after each train that landed, half as many after each that did not; from 1 to `longest`. */
export function windowOf(judged: readonly Judged[], longest: number): number {
  let size = longest
  for (const one of judged) size = one === 'landed' ? Math.min(longest, size + 1) : Math.max(1, Math.floor(size / 2))
  return size
}
