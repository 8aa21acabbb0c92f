/** Where a merge left both of its sides in a text; null where it did not. Only of use for a text that cannot be read: some may quote one. */
export function conflictAt(text: string): number | null {
  const begin = /^<{7}(?: .*)?\r?$/m.exec(text)
  if (begin === null) return null
  const rest = text.slice(begin.index)
  return /^={7}\r?$/m.test(rest) && /^>{7}(?: .*)?\r?$/m.test(rest) ? begin.index : null
}

/** What it is, and what to do, wherever it is found. */
export const conflictText =
  'both sides of a merge are here; keep one of them and take the lines <<<<<<<, ======= and >>>>>>> out'
