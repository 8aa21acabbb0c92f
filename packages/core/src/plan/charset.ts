/** A set of UTF-16 code units: ascending, disjoint, inclusive ranges, `[low, high, low, high, …]`. */
export type Charset = readonly number[]

export const slash = 47
export const dot = 46

/** Everything that a path may hold; NUL may not. */
export const anything: Charset = [1, 0xffff]
export const inSegment: Charset = [1, slash - 1, slash + 1, 0xffff]

export function single(code: number): Charset {
  return [code, code]
}

/** The union of ranges in any order. */
export function unite(ranges: readonly (readonly [number, number])[]): Charset {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const out: number[] = []
  for (const [low, high] of sorted) {
    const last = out.at(-1)
    if (last !== undefined && low <= last + 1) out[out.length - 1] = Math.max(last, high)
    else out.push(low, high)
  }
  return out
}

export function pairs(set: Charset): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = []
  for (let i = 0; i + 1 < set.length; i += 2) out.push([set[i] ?? 0, set[i + 1] ?? 0])
  return out
}

/** Everything in a segment that is not in `set`. */
export function complement(set: Charset): Charset {
  const out: number[] = []
  let next = 1
  for (const [low, high] of pairs(unite([...pairs(set), [slash, slash]]))) {
    if (low > next) out.push(next, low - 1)
    next = high + 1
  }
  if (next <= 0xffff) out.push(next, 0xffff)
  return out
}

export function intersect(a: Charset, b: Charset): Charset {
  if (a === b) return a
  const out: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [lowA, highA, lowB, highB] = [a[i] ?? 0, a[i + 1] ?? 0, b[j] ?? 0, b[j + 1] ?? 0]
    const low = Math.max(lowA, lowB)
    const high = Math.min(highA, highB)
    if (low <= high) out.push(low, high)
    if (highA < highB) i += 2
    else j += 2
  }
  return out
}

function contains(set: Charset, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (code < (set[i] ?? 0)) return false
    if (code <= (set[i + 1] ?? 0)) return true
  }
  return false
}

/** The set with the other case of each of its letters. */
export function withBothCases(set: Charset): Charset {
  const extra: [number, number][] = []
  for (const [low, high] of pairs(set)) {
    for (let code = low; code <= high; code++) {
      const letter = String.fromCharCode(code)
      for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
        if (other.length === 1 && other !== letter) extra.push([other.charCodeAt(0), other.charCodeAt(0)])
      }
    }
  }
  return extra.length === 0 ? set : unite([...pairs(set), ...extra])
}

/** One text for all spellings that differ only in case; that of two texts together is theirs together. */
export function fold(text: string): string {
  // The one letter whose lower case depends on what stands around it is the last sigma of a word.
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}

const readable = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-+=,@'

/**
 * One member for each kind of character that an automaton can tell apart: `/`, `.`, and the rest, which `cuts` (ascending first
 * members of a kind) divide further. Readable members are preferred.
 */
export function representatives(set: Charset, cuts: readonly number[]): number[] {
  const out: number[] = []
  if (contains(set, slash)) out.push(slash)
  if (contains(set, dot)) out.push(dot)
  if (cuts.length === 0) {
    const one = member(set)
    if (one !== null) out.unshift(one)
    return out
  }
  let low = 0
  for (const cut of [...cuts, 0x10000]) {
    if (cut > low) {
      const one = member(intersect(set, [low, cut - 1]))
      if (one !== null) out.push(one)
    }
    low = cut
  }
  return out
}

/** A readable member other than `/` and `.`. */
function member(set: Charset): number | null {
  const [low, high] = [set[0], set[1]]
  if (set.length === 2 && low === high) return low === undefined || low === slash || low === dot ? null : low
  for (let i = 0; i < readable.length; i++) {
    if (contains(set, readable.charCodeAt(i))) return readable.charCodeAt(i)
  }
  let fallback: number | null = null
  for (const [first, last] of pairs(set)) {
    for (let code = first; code <= last; code++) {
      if (code === slash || code === dot) continue
      if (code >= 32) return code
      fallback ??= code
      // control characters make unreadable witnesses; a printable one is looked for first
    }
  }
  return fallback
}
