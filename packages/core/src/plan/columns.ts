const escapeSequence = new RegExp(`[${String.fromCharCode(27, 0x9b)}]\\[?[0-9;?]*[@-~]`, 'g')

/**
 * A text from anywhere as one line that is only shown: without escape sequences, control characters, marks that turn the direction of writing,
 * and what no XML may hold. What joins characters to one stays: without it an id would be another.
 */
export function oneLine(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .replace(escapeSequence, '')
    .replace(/[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}\u200b\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]/gu, '')
}

/** Scripts and pictures that take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u{20000}-\u{3fffd}]/u
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** Made when the first text is not plain ASCII. */
let segmenter: Intl.Segmenter | undefined

/** What is shown as one character, with the columns that it takes. */
function* characters(text: string): Iterable<readonly [character: string, width: number]> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(text)) {
    yield [segment, invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1]
  }
}

/** Columns that one line takes. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let sum = 0
  for (const [, width] of characters(text)) sum += width
  return sum
}

/** At most `width` columns of a text, with `…` where it was cut. What is shown as one character stays whole. */
export function cut(text: string, width: number): string {
  const clean = oneLine(text)
  if (clean.length <= width && columns(clean) <= width) return clean
  if (width < 1) return ''
  let [kept, out, used] = ['', '', 0]
  for (const [character, takes] of characters(clean)) {
    used += takes
    if (used > width) return `${kept.trimEnd()}…`
    out += character
    if (used < width) kept = out
  }
  return out
}

/** Exactly `width` columns. */
export function fill(text: string, width: number): string {
  const short = cut(text, width)
  return short + ' '.repeat(Math.max(0, width - columns(short)))
}

/** Lines of at most `width` columns, broken at spaces, the later ones indented. A word that is too long is cut. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (columns(longer) <= width || line === '') {
      line = cut(longer, width)
      continue
    }
    lines.push(line)
    line = cut(indent + word, width)
  }
  if (line !== '') lines.push(line)
  return lines
}
