import type { Board, BoardEntry } from '../ports/board.ts'
import type { Clock } from '../ports/clock.ts'

/** A board in memory, with every verb. Its times are those of `clock`, by default all zero. */
export function memoryBoard(options: { readonly clock?: Pick<Clock, 'now'> } = {}): Required<Board> {
  const entries = new Map<string, BoardEntry>()
  const put = (entry: Omit<BoardEntry, 'at'>): void => {
    if (entries.has(entry.key)) return
    entries.set(entry.key, Object.freeze({ ...entry, at: new Date(options.clock?.now() ?? 0).toISOString() }))
  }
  return {
    async post({ key, author, text, signal }) {
      signal.throwIfAborted()
      put({ key, kind: 'bulletin', author, text })
    },
    async note({ key, tag, text, signal }) {
      signal.throwIfAborted()
      put({ key, kind: tag, author: 'orch', text })
    },
    async read({ signal }) {
      signal.throwIfAborted()
      return [...entries.values()]
    },
    async clear({ key, signal }) {
      signal.throwIfAborted()
      if (entries.get(key)?.kind === 'bulletin') entries.delete(key)
    },
  }
}
