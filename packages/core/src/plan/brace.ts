/** The values that one range in braces may stand for. */
const mostValues = 100

/**
 * What the inside of `{1..5}`, `{01..10..3}` or `{a..e}` stands for; null when it is no range.
 * A text instead of values says what is wrong with it.
 */
export function rangeValues(inside: string): readonly string[] | string | null {
  if (!inside.includes('..') || inside.includes('/')) return null
  const found = /^(-?\d{1,9}|[a-zA-Z])\.\.(-?\d{1,9}|[a-zA-Z])(?:\.\.(-?\d{1,9}))?$/.exec(inside)
  const [, from = '', to = '', by] = found ?? []
  const numeric = /\d/.test(from)
  if (found === null || numeric !== /\d/.test(to)) return `\`{${inside}}\` is not a range such as {1..5} or {a..e}`
  const first = numeric ? Number(from) : from.charCodeAt(0)
  const last = numeric ? Number(to) : to.charCodeAt(0)
  const stride = Math.max(1, Math.abs(Number(by ?? 1)))
  if (Math.floor(Math.abs(last - first) / stride) + 1 > mostValues) {
    return `the range {${inside}} stands for more than ${mostValues} values`
  }
  const padded = numeric && [from, to].some((text) => /^-?0\d/.test(text))
  const width = padded ? Math.max(from.length, to.length) : 0
  const values: string[] = []
  for (let at = first; first <= last ? at <= last : at >= last; at += first <= last ? stride : -stride) {
    if (!numeric) values.push(String.fromCharCode(at))
    else if (at < 0) values.push(`-${String(-at).padStart(width - 1, '0')}`)
    else values.push(String(at).padStart(width, '0'))
  }
  return values
}

/**
 * Where the brace that opens at `open` closes, and the commas of its own level; null when it never closes.
 * @param skip the index after an escape or a character class that starts at the given one, or that index
 */
export function braceAt(
  glob: string,
  open: number,
  skip: (at: number) => number,
): { readonly close: number; readonly commas: readonly number[]; readonly depth: number } | null {
  const commas: number[] = []
  let depth = 0
  let deepest = 0
  for (let at = open; at < glob.length; at++) {
    const after = skip(at)
    if (after > at) {
      at = after - 1
      continue
    }
    const char = glob[at]
    if (char === '{') {
      depth++
      deepest = Math.max(deepest, depth)
    } else if (char === ',' && depth === 1) commas.push(at)
    else if (char === '}' && --depth === 0) return { close: at, commas, depth: deepest }
  }
  return null
}
