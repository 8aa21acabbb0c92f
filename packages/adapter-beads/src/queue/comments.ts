import { OrchError } from '@orch/core'
import * as z from 'zod'
import type { Database } from './database.ts'

const comments = z.array(z.looseObject({ author: z.string(), text: z.string() })).nullable()

export interface Comment {
  readonly author: string
  readonly text: string
}

/** The comments of an issue, oldest first. */
export async function commentsOf(database: Database, id: string, signal: AbortSignal): Promise<readonly Comment[]> {
  return (await database.bd.ask({ argv: ['comments', '--json', '--', id], answer: comments, signal })) ?? []
}

/** Comments on an issue, once: a call that was killed is looked after before it is given up. */
export async function comment(
  database: Database,
  id: string,
  { text, author }: { readonly text: string; readonly author?: string },
  signal: AbortSignal,
): Promise<void> {
  const by = author === undefined || author === '' ? [] : [`--actor=${author.slice(0, 255)}`]
  const call = { argv: ['comment', '--stdin', '--json', ...by, '--', id], input: text, answer: z.unknown(), signal }
  const answered = await database.bd.write(call, async () => {
    const there = await commentsOf(database, id, signal)
    return there.some((each) => each.text.trimEnd() === text.trimEnd()) ? {} : null
  })
  if (answered.ok) return
  const message = `bd cannot comment on ${id}: ${answered.refusal.text}`
  throw new OrchError('port-failed', message, { port: 'board', retryable: true })
}
