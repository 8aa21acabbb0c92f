import { digest, type PendingRequest, type Request } from '@orch/core'
import * as z from 'zod'
import { type Issue, metadataOf } from './issue.ts'
import type { ReadIssue } from './task.ts'

const request = z.discriminatedUnion('do', [
  z.object({ do: z.literal('guide'), text: z.string() }),
  z.object({ do: z.literal('retry'), fresh: z.boolean() }),
  z.object({ do: z.literal('prioritise'), priority: z.number().min(0) }),
  z.object({ do: z.enum(['cancel', 'land', 'take', 'give', 'pause', 'resume', 'release']) }),
])
const asked = z.object({ key: z.string(), at: z.number(), request })

export interface AskedAt {
  readonly pending: PendingRequest
  /** Wall clock, milliseconds since 1970. */
  readonly at: number
}

/** Every request has a key of its own in the metadata, so that two which come together are both kept. */
export function requestKey(key: string): string {
  return `ask_${digest(key).slice(0, 16)}`
}

export function requestDocument(key: string, at: number, given: Request): object {
  return { key, at, request: given }
}

/** What people have asked for and nobody has answered; null at a key says that it was. */
export function requestsIn(issue: Issue): readonly AskedAt[] {
  return Object.entries(metadataOf(issue) ?? {}).flatMap(([name, value]) => {
    if (!name.startsWith('ask_') || value === null) return []
    const read = asked.safeParse(value, { jitless: true })
    // An agent can write here, too: what is no request asks for nothing.
    if (!read.success || requestKey(read.data.key) !== name) return []
    return [{ pending: { id: issue.id, key: read.data.key, request: read.data.request }, at: read.data.at }]
  })
}

/**
 * What people asked for by what they did to the issue with `bd`: reopened means `retry`, put back to open means `retry`, given to somebody
 * means `take`, taken from them again means `give`. Without those that the record has heard.
 */
export function impliedBy(read: ReadIssue): readonly PendingRequest[] {
  const { record } = read.read
  const found = record === null ? null : impliedKey(read)
  if (record === null || found === null || record.heard.includes(found.key)) return []
  return [{ id: record.id, key: `${found.key} ${record.version}`, request: found.request }]
}

/** The keys of what still stands, as they are kept in `heard`. */
export function stillHeard(read: ReadIssue, answered: readonly string[]): readonly string[] {
  const found = impliedKey(read)
  const { record } = read.read
  if (found === null || record === null) return []
  const isHeard = record.heard.includes(found.key) || answered.includes(`${found.key} ${record.version}`)
  return isHeard ? [found.key] : []
}

function impliedKey({ issue, read }: ReadIssue): { readonly key: string; readonly request: Request } | null {
  const { record } = read
  if (record === null) return null
  const { phase, outcome, run } = record.state
  const assignee = issue.assignee ?? ''
  const retry = { do: 'retry', fresh: false } as const
  if (phase === 'closed') return issue.status === 'closed' ? null : { key: 'reopened', request: retry }
  if (phase === 'open' || phase === 'merged' || outcome !== null || issue.status === 'closed') return null
  const isGiven = assignee !== '' && assignee !== record.holder
  if (run.taken != null) {
    const isBack = record.heard.some((key) => key.startsWith('assigned ')) && !isGiven
    return isBack
      ? { key: 'unassigned', request: { do: 'give' } }
      : isGiven
        ? { key: `assigned ${assignee}`, request: { do: 'take' } }
        : null
  }
  if (isGiven) return { key: `assigned ${assignee}`, request: { do: 'take' } }
  return issue.status === 'open' ? { key: 'put-back', request: retry } : null
}
