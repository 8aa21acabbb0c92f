import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { sqliteBoard } from '../src/sqlite/board.ts'
import { sqliteQueue } from '../src/sqlite/queue.ts'
import { fileOf, freshDirectory } from './sqlite-folder.ts'

const { signal } = new AbortController()

async function list(directory: string): Promise<number> {
  using queue = sqliteQueue({ directory })
  return (await queue.list({ signal })).tasks.length
}

async function filled(tasks: number): Promise<string> {
  const directory = freshDirectory()
  using queue = sqliteQueue({ directory })
  await queue.add({ key: 'k', tasks: Array.from({ length: tasks }, (_, index) => ({ id: `t${index}` })), signal })
  return directory
}

const lost = { code: 'store-lost', retryable: false }

describe('a database that was made once', () => {
  const losses: Readonly<Record<string, (file: string) => void>> = {
    emptied: (file) => truncateSync(file, 0),
    removed: (file) => rmSync(file),
    'replaced by one that holds nothing': (file) => {
      rmSync(file)
      const empty = new DatabaseSync(file)
      empty.exec('PRAGMA journal_mode = WAL')
      empty.close()
    },
  }
  it.each(Object.keys(losses))('is not made anew when it was %s, by queue or board', async (how) => {
    const directory = await filled(1)
    losses[how]?.(fileOf(directory))
    const before = readdirSync(directory).sort()
    const message = expect.stringMatching(/Restore it from a copy.*move the folder .* away/s)
    await expect(list(directory)).rejects.toMatchObject({ ...lost, message })
    using board = sqliteBoard({ directory })
    await expect(board.read({ signal })).rejects.toMatchObject(lost)
    expect(readdirSync(directory).sort()).toEqual(before)
  })

  it('is used again when it was put back, and made anew when its folder was put away', async () => {
    const directory = await filled(2)
    const copy = readFileSync(fileOf(directory))
    rmSync(fileOf(directory))
    await expect(list(directory)).rejects.toMatchObject(lost)
    writeFileSync(fileOf(directory), copy)
    expect(await list(directory)).toBe(2)
    rmSync(directory, { recursive: true })
    expect(await list(directory)).toBe(0)
  })

  it('by a version that did not say so is known from its next use on', async () => {
    const directory = await filled(1)
    for (const name of readdirSync(directory)) if (!name.startsWith('orch.db')) rmSync(join(directory, name))
    expect(await list(directory)).toBe(1)
    truncateSync(fileOf(directory), 0)
    await expect(list(directory)).rejects.toMatchObject(lost)
  })

  it('by several at the same moment is lost to none of them', async () => {
    const directory = freshDirectory()
    const queues = Array.from({ length: 8 }, () => sqliteQueue({ directory }))
    const lists = await Promise.all(queues.map((queue) => queue.list({ signal })))
    expect(lists.map(({ tasks }) => tasks.length)).toEqual(lists.map(() => 0))
    for (const queue of queues) queue[Symbol.dispose]()
  })
})
