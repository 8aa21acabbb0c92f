import { stripVTControlCharacters } from 'node:util'

/**
 * Text from tasks, agents and tools as one line that a terminal only shows: no escape sequence, no control character, nothing that
 * turns the direction of writing. Everything that we print went through here.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
}

/** The same for text of several lines, which stay apart. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n/).map((line) => plain(line.replaceAll('\t', '  ')).trimEnd())
}

/** The id in a command that somebody may paste into a shell, behind all options: it may begin like one. */
export function shellWord(text: string): string {
  const word = plain(text)
  const quoted = /^[\w.:/@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  return word.startsWith('-') ? `-- ${quoted}` : quoted
}

/** The same JSON value with every text in it plain, for who draws it. */
export function plainTexts<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (typeof inner === 'string' ? plain(inner) : inner))
}
