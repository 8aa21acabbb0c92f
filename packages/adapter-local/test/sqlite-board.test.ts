import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boardSuite } from '@orch/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { sqliteBoard } from '../src/sqlite/board.ts'
import { sqliteQueue } from '../src/sqlite/queue.ts'

const { signal } = new AbortController()
const root = mkdtempSync(join(tmpdir(), 'orch-board-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
const freshDirectory = (): string => join(root, `store-${count++}`)

describe('sqliteBoard', () => {
  boardSuite({ describe, it, expect }, () => sqliteBoard({ directory: freshDirectory() }))

  it('keeps what was posted, for another handle too', async () => {
    const directory = freshDirectory()
    using first = sqliteBoard({ directory })
    await first.post({ key: 'a', author: 'ann', text: 'news', signal })
    first[Symbol.dispose]()
    using second = sqliteBoard({ directory })
    expect((await second.read({ signal })).map(({ text }) => text)).toEqual(['news'])
  })

  it('does not put a cleared bulletin up again when it is repeated', async () => {
    using board = sqliteBoard({ directory: freshDirectory() })
    const post = () => board.post({ key: 'a', author: 'ann', text: 'news', signal })
    await post()
    await board.clear({ key: 'a', signal })
    await post()
    expect(await board.read({ signal })).toEqual([])
  })

  it('shares the file with the queue without making its claims stale', async () => {
    const directory = freshDirectory()
    using queue = sqliteQueue({ directory })
    using board = sqliteBoard({ directory })
    const before = await queue.read({ signal })
    await board.note({ key: 'a', tag: 'decision', text: 'we use tables', signal })
    expect(await queue.read({ signal })).toBe(before)
  })
})
