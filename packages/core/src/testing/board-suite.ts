import type { Board } from '../ports/board.ts'
import { disposeOf, itUnless, type Lacks, type TestFramework } from './suite.ts'

export interface BoardSuiteOptions {
  /** What the board cannot do, and why. */
  readonly lacks?: Lacks<'read' | 'clear'>
}

const signal = new AbortController().signal

/** What every board promises. `factory` makes an empty board for each test; it is disposed of afterwards where it can be. */
export function boardSuite<Some extends Board>(
  framework: TestFramework,
  factory: () => Some | Promise<Some>,
  options: BoardSuiteOptions = {},
): void {
  const { describe, expect } = framework
  const { lacks = {} } = options

  const test = (name: string, why: string | undefined, body: (board: Some) => Promise<void>): void =>
    itUnless(framework, why, name, async () => {
      const board = await factory()
      try {
        await body(board)
      } finally {
        await disposeOf(board)
      }
    })
  const texts = async (board: Some) => ((await board.read?.({ signal })) ?? []).map(({ text }) => text)

  describe('board', () => {
    test('takes a bulletin and a note', undefined, async (board) => {
      await board.post({ key: 'a', author: 'ann', text: 'tables are in', signal })
      await board.note({ key: 'b', tag: 'decision', text: 'we use tables', signal })
    })

    test('an empty board has no entries', lacks.read, async (board) => {
      expect(await texts(board)).toEqual([])
    })

    test('reads entries oldest first, with kind, author and time', lacks.read, async (board) => {
      await board.post({ key: 'z', author: 'ann', text: 'first\n"line"', signal })
      await board.note({ key: 'y', tag: 'decision', text: 'second', signal })
      await board.note({ key: 'x', tag: 'blocked', text: 'third', signal })
      await board.note({ key: 'w', tag: 'landed', text: 'fourth', signal })
      const entries = (await board.read?.({ signal })) ?? []
      expect(entries.map(({ key }) => key)).toEqual(['z', 'y', 'x', 'w'])
      expect(entries.map(({ kind }) => kind)).toEqual(['bulletin', 'decision', 'blocked', 'landed'])
      expect(entries[0]).toMatchObject({ author: 'ann', text: 'first\n"line"' })
      for (const { at } of entries) expect(new Date(at).toISOString()).toBe(at)
    })

    test('the same key is the same entry, even when both come at once', lacks.read, async (board) => {
      const post = () => board.post({ key: 'a', author: 'ann', text: 'once', signal })
      await Promise.all([post(), post()])
      await post()
      const note = () => board.note({ key: 'b', tag: 'landed', text: 'also once', signal })
      await Promise.all([note(), note()])
      expect([...(await texts(board))].sort()).toEqual(['also once', 'once'])
    })

    test('entries that come together are all kept', lacks.read, async (board) => {
      const keys = Array.from({ length: 20 }, (_, index) => `k${String(index).padStart(2, '0')}`)
      await Promise.all(keys.map((key) => board.post({ key, author: 'ann', text: key, signal })))
      expect([...(await texts(board))].sort()).toEqual(keys)
    })

    test('a cleared bulletin is gone, the log stays', lacks.clear ?? lacks.read, async (board) => {
      await board.post({ key: 'a', author: 'ann', text: 'news', signal })
      await board.note({ key: 'b', tag: 'decision', text: 'log', signal })
      await board.clear?.({ key: 'a', signal })
      await board.clear?.({ key: 'a', signal })
      await board.clear?.({ key: 'b', signal })
      await board.clear?.({ key: 'nobody-knows-it', signal })
      expect(await texts(board)).toEqual(['log'])
    })
  })
}
