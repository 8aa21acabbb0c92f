/** Made when it is first needed, which it rarely is: making it takes as long as everything else that a short command prints. */
let segmenter: Intl.Segmenter | undefined
const wide =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3041-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\p{Emoji}\uFE0F/u
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** The columns that a terminal gives to `text`, which is plain. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7E]*$/.test(text)) return text.length
  let width = 0
  for (const segment of graphemes(text)) width += graphemeWidth(segment)
  return width
}

function* graphemes(text: string): Iterable<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(text)) yield segment
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}

/** `text` in at most `width` columns, with … where something is missing. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 0
  for (const segment of graphemes(text)) {
    used += graphemeWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Lines of at most `width` columns, broken at blanks, all of them indented and the later ones a bit more. A word that is too long is cut. */
export function wrapped(text: string, width: number, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? `${' '.repeat(indent)}${word}` : `${line} ${word}`
    if (line === '' || displayWidth(longer) <= width) {
      line = longer
      continue
    }
    lines.push(fit(line, width))
    line = `${' '.repeat(indent + 2)}${word}`
  }
  return [...lines, fit(line, width)]
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}
