const escapeSequence = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[@-~]`, 'g')

/** A text as a terminal may show it: without control characters, escapes, line breaks and marks that turn the direction of writing. */
function harmless(text: string): string {
  return text
    .replace(escapeSequence, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/gu, '')
}

/** Scripts and pictures that take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

function widthOf(character: string): number {
  if (/\p{Mn}|\p{Me}/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Columns that a harmless text takes. */
export function columns(text: string): number {
  let sum = 0
  for (const character of text) sum += widthOf(character)
  return sum
}

/** At most `width` columns of a text, with `…` where it was cut. */
export function cut(text: string, width: number): string {
  const clean = harmless(text)
  if (columns(clean) <= width) return clean
  if (width < 1) return ''
  let out = ''
  let used = 0
  for (const character of clean) {
    used += widthOf(character)
    if (used > width - 1) break
    out += character
  }
  return `${out}…`
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
  for (const word of harmless(text).split(' ')) {
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
