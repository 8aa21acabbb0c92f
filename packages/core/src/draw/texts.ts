import { oneLine } from '../plan/columns.ts'
import type { Box } from './picture.ts'

/** For text between tags and for attributes in double quotes, in XML as in HTML. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
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
