/** Control, format and other characters that nobody sees or that a terminal obeys; emoji are joined by U+200D. */
const unseen = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}\u00AD\u200B\u200C\u2060-\u2064\uFEFF]/gu

/** Whether `text` holds characters that nobody sees. */
export function holdsUnseen(text: string): boolean {
  return text.search(unseen) !== -1
}

/** A text as it may stand in a message: what nobody sees is spelled out, and it is not too long. */
export function shown(text: string): string {
  return shownUpTo(text, 80)
}

/** The same with another limit, in characters. */
export function shownUpTo(text: string, longest: number): string {
  const most = longest + 120
  const clean = String(text)
    .slice(0, most)
    .replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return clean.length > longest || text.length > most ? `${clean.slice(0, longest)}…` : clean
}
