import type { Board, BoardEntry } from '@orch/core'
import { Database, type DatabaseOptions } from './database.ts'

/** Disposing it lets go of the file; a later call opens it again. */
export interface SqliteBoard extends Required<Board>, Disposable {}

/** Bulletins and the log in `<directory>/orch.db`, beside the queue. */
export function sqliteBoard(options: DatabaseOptions): SqliteBoard {
  const database = new Database(options)
  const put = (entry: Omit<BoardEntry, 'at'>, signal: AbortSignal, durable: boolean): Promise<void> =>
    database.write(
      signal,
      (connection) => {
        connection.run(
          'INSERT INTO board (key, kind, author, text) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
          entry.key,
          entry.kind,
          entry.author,
          entry.text,
        )
      },
      { durable },
    )
  return {
    post: ({ key, author, text, signal }) => put({ key, kind: 'bulletin', author, text }, signal, true),
    note: ({ key, tag, text, signal }) => put({ key, kind: tag, author: 'orch', text }, signal, false),
    read: ({ signal }) =>
      database.read(signal, (connection) =>
        connection
          .rows<BoardEntry>('SELECT key, kind, author, text, at FROM board WHERE cleared = 0 ORDER BY ordinal')
          .map((row) => ({ ...row })),
      ),
    clear: ({ key, signal }) =>
      database.write(signal, (connection) => {
        connection.run("UPDATE board SET cleared = 1 WHERE key = ? AND kind = 'bulletin'", key)
      }),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  }
}
