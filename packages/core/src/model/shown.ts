/** Control, format and other characters that nobody sees or that a terminal obeys; emoji are joined by U+200D. */
const unseen = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}\u00AD\u200B\u200C\u2060-\u2064\uFEFF]/gu

/** Whether `text` holds characters that nobody sees. */
export function holdsUnseen(text: string): boolean {
  return text.search(unseen) !== -1
}

/** A text as it may stand in a message: what nobody sees is spelled out, and it is not too long. */
export function shown(text: string): string {
  const clean = String(text)
    .slice(0, 200)
    .replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return clean.length > 80 || text.length > 200 ? `${clean.slice(0, 80)}…` : clean
}
