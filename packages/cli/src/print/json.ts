/**
 * One JSON document. What a terminal would obey (C1 controls, changes of the writing direction) is escaped: the same
 * value for every reader, nothing but text for a terminal.
 */
export function jsonDocument(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return text.replace(
    /[\u007F-\u009F\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
