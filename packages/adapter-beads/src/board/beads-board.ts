import { resolve } from 'node:path'
import type { Board, BoardEntry } from '@orch/core'
import { Bd, type BdOptions } from '../bd/bd.ts'
import { comment, commentsOf } from '../queue/comments.ts'
import { Database } from '../queue/database.ts'
import { Seat } from '../queue/seat.ts'

export interface BeadsBoardOptions extends BdOptions {
  /** The issue whose comments hold the board. Default: the one that holds what is about the queue as a whole. */
  readonly epic?: string
}

const kinds = ['bulletin', 'decision', 'blocked', 'landed'] as const
const heading = /^\[orch (bulletin|decision|blocked|landed|cleared)\] (\S+) (\S+)(?:\n([\s\S]*))?$/

/** Bulletins and the log as comments on an issue: a person reads them with `bd comments`. */
export function beadsBoard(options: BeadsBoardOptions): Required<Board> {
  const database = new Database(new Bd({ ...options, directory: resolve(options.directory) }))
  const seat = new Seat(database)
  const ours = new Set<string>()

  const place = async (signal: AbortSignal): Promise<string> => options.epic ?? (await seat.issue(signal)).id

  const put = (kind: BoardEntry['kind'] | 'cleared', entry: Put, signal: AbortSignal): Promise<void> =>
    database.lane.run(async () => {
      const { key, text, author } = entry
      if (ours.has(key) && kind !== 'cleared') return
      const body = `[orch ${kind}] ${new Date().toISOString()} ${encodeURIComponent(key)}\n${text}`
      await comment(database, await place(signal), { text: body, ...(author !== undefined && { author }) }, signal)
      ours.add(key)
    })

  const read = async (signal: AbortSignal): Promise<readonly BoardEntry[]> => {
    const comments = await commentsOf(database, await place(signal), signal)
    const entries = new Map<string, BoardEntry>()
    const cleared = new Set<string>()
    for (const { author, text } of comments) {
      const [, kind = '', at = '', name = '', said = ''] = heading.exec(text) ?? []
      const key = decoded(name)
      if (key === null || Number.isNaN(Date.parse(at))) continue
      if (kind === 'cleared') cleared.add(key)
      const known = kinds.find((each) => each === kind)
      const before = entries.get(key)
      if (known !== undefined && (before === undefined || at < before.at))
        entries.set(key, { key, kind: known, author, text: said, at })
    }
    return [...entries.values()]
      .filter(({ key, kind }) => kind !== 'bulletin' || !cleared.has(key))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  }

  return {
    post: ({ key, author, text, signal }) => put('bulletin', { key, author, text }, signal),
    note: ({ key, tag, text, signal }) => put(tag, { key, text }, signal),
    read: ({ signal }) => database.lane.run(() => read(signal)),
    clear: async ({ key, signal }) => {
      const entries = await database.lane.run(() => read(signal))
      if (entries.some((entry) => entry.key === key && entry.kind === 'bulletin'))
        await put('cleared', { key, text: '' }, signal)
    },
  }
}

interface Put {
  readonly key: string
  readonly text: string
  /** Default: the actor. */
  readonly author?: string
}

/** Null for what nobody of ours has written. */
function decoded(name: string): string | null {
  try {
    return name === '' ? null : decodeURIComponent(name)
  } catch {
    return null
  }
}
