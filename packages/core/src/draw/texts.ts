import { columns } from '../plan/columns.ts'
import type { Box } from './picture.ts'

/** Titles come from anywhere: one line, without control characters, marks that turn the direction of writing, and what no XML may hold. */
export function line(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}\ufeff\ufffe\uffff\ud800-\udfff]/gu, '')
}

/** At most `most` columns of a line, with `…` where it was cut; what is drawn as one character stays whole. */
export function short(text: string, most: number): string {
  const whole = line(text)
  if (columns(whole) <= most) return whole
  let out = ''
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of graphemes.segment(whole.slice(0, most * 8))) {
    if (columns(out + segment) > most - 1) break
    out += segment
  }
  return `${out.trimEnd()}…`
}

/** Made when the first text is too long. */
let graphemes: Intl.Segmenter | undefined

/** For text between tags and for attributes in double quotes, in XML as in HTML. */
export function escaped(text: string): string {
  return line(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A JSON text that is safe to print at a terminal and to put between the tags of a `script`. */
export function jsonText(value: unknown, indent = 0): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(
    /[<>&\u007f-\u009f\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** At most one digit after the point. */
export function minutes(time: number): string {
  return String(Math.round(time * 10) / 10)
}

export function timeOf(box: Box): string {
  if (box.batch === null) return 'never'
  return box.end > box.start ? `${minutes(box.start)}–${minutes(box.end)}` : minutes(box.start)
}

/** What a picture says as a whole. */
export function headline(plan: { readonly tasks: readonly unknown[]; makespan: number; maxAgents: number }): string {
  const many = (count: number, what: string) => `${count} ${count === 1 ? what : `${what}s`}`
  return `${many(plan.tasks.length, 'task')}, ${minutes(plan.makespan)} min with ${many(plan.maxAgents, 'agent')}`
}
