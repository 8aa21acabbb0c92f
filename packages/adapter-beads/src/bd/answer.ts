import { OrchError, type OrchErrorCode } from '@orch/core'
import * as z from 'zod'
import type { Ran } from './program.ts'

/** What `bd` says of a call that it refused. Told apart by its exit code, and by text only where it leaves no other way. */
export interface Refusal {
  readonly reason: 'guard' | 'unknown' | 'foreign' | 'cannot-close' | 'other'
  readonly text: string
}

const envelope = z.object({ data: z.unknown(), schema_version: z.number() })
const failure = z.object({
  error: z.string(),
  failed: z.array(z.object({ error: z.string(), guard_mismatch: z.boolean().optional() })).optional(),
})

/** The answer of a call that ended with 0, of the shape that is expected; otherwise an outage: an empty answer is none. */
export function answerOf<T>(ran: Ran, what: string, schema: z.ZodType<T>): T {
  const found = jsonIn(ran.stdout)
  if (found === undefined) throw unusable(what, ran.stdout.trim() === '' ? ran.stderr : ran.stdout)
  const checked = schema.safeParse(unwrapped(found), { jitless: true })
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw unusable(what, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, checked.error)
  }
  return checked.data
}

/** Why a call ended with another code than 0. */
export function refusalOf(ran: Ran): Refusal {
  const text = errorText(ran)
  if (ran.exit === 13) return { reason: 'guard', text }
  if (/no issue found matching|no issues found matching|issue not found|not found$/im.test(text))
    return { reason: 'unknown', text }
  if (/existing metadata is not a JSON object/.test(text)) return { reason: 'foreign', text }
  if (/cannot close/.test(text)) return { reason: 'cannot-close', text }
  return { reason: 'other', text }
}

/** What `bd` says of files that somebody has spoilt or cut short. */
const tornStorage =
  /corrupt|checksum|CRC|parsing config|manifest|panic:|open db: (EOF|strconv)|cannot resolve default branch head|table not found/i

/** What a refusal means that has nothing to do with the issue that was asked for. */
export function outageOf(what: string, { text }: Refusal): OrchError {
  const made = (code: OrchErrorCode, retryable: boolean, message: string): OrchError =>
    new OrchError(code, `${message} (bd ${what}: ${short(text)})`, { port: 'queue', retryable })
  if (/no beads database found|no \.beads directory found/.test(text))
    return made('beads-unusable', false, 'there is no Beads database here; make one with `orch init --queue beads`')
  if (/requires a CGO build/.test(text))
    return made(
      'beads-unusable',
      false,
      'this bd was built without cgo and can open no database; install another build',
    )
  if (/database is locked by another/.test(text))
    return made('store-locked', true, 'another process kept the Beads database for too long')
  if (/schema.*(newer|ahead|skew)|(newer|forward).*schema/i.test(text))
    return made('store-newer', false, 'the Beads database was written by a newer bd; update bd')
  if (tornStorage.test(text))
    return made('store-damaged', false, 'the Beads database is damaged; restore `.beads` from a copy')
  if (/no space left on device/.test(text)) return made('disk-full', true, 'the disk of the Beads database is full')
  return made('port-failed', true, 'bd did not do what it was asked for')
}

function unusable(what: string, text: string, cause?: unknown): OrchError {
  const message = `bd ${what} answered with something that cannot be used: ${short(text)}`
  return new OrchError('port-failed', message, { port: 'queue', retryable: true, cause })
}

/** The text that a person would read, wherever it is: JSON or text, on either stream. */
function errorText(ran: Ran): string {
  for (const stream of [ran.stdout, ran.stderr]) {
    const found = failure.safeParse(unwrapped(jsonIn(stream)), { jitless: true })
    if (found.success) return [found.data.error, ...(found.data.failed ?? []).map(({ error }) => error)].join(': ')
  }
  return `${ran.stderr}\n${ran.stdout}`.trim()
}

/** With the envelope and without. */
function unwrapped(value: unknown): unknown {
  const wrapped = envelope.safeParse(value, { jitless: true })
  return wrapped.success ? wrapped.data.data : value
}

/** The JSON at the end of a text: warnings may stand before it. Undefined when there is none. */
function jsonIn(text: string): unknown {
  for (let from = 0; from < text.length; ) {
    const first = text[from]
    if (first === '{' || first === '[') {
      try {
        return JSON.parse(text.slice(from)) as unknown
      } catch {
        // A warning may begin like that, too.
      }
    }
    const line = text.indexOf('\n', from)
    if (line === -1) return undefined
    from = line + 1
  }
  return undefined
}

function short(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line === '' ? 'nothing' : line.length > 300 ? `${line.slice(0, 300)}…` : line
}
