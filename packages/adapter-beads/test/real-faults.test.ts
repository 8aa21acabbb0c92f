import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { beadsQueue } from '../src/index.ts'
import { bd, freshDatabase, lacksBd, onRealBd, program } from './real-bd.ts'

const { signal } = new AbortController()
const noFlock = spawnSync('flock', ['--version']).status !== 0

function opened(limitMs = 120_000) {
  const directory = freshDatabase()
  const id = bd(directory, 'create', '--title=Do it', '--silent').trim()
  const queue = beadsQueue({ directory, program: program ?? 'bd', limitMs })
  const ids = async () => (await queue.list({ signal })).tasks.map((task) => task.id)
  const storage = join(directory, '.beads/embeddeddolt/demo/.dolt/noms')
  return { directory, id, ids, queue, storage }
}

describe.skipIf(lacksBd)(onRealBd('a real database'), { timeout: 240_000 }, () => {
  it('is looked at by one process after a change, and by none while nobody writes', async () => {
    const { directory, id, ids, queue } = opened()
    expect(await ids()).toEqual([id])
    const before = queue.calls
    expect([await ids(), await ids(), queue.calls]).toEqual([[id], [id], before])
    const other = bd(directory, 'create', '--title=And that', '--silent').trim()
    const both = expect.arrayContaining([id, other])
    expect([await ids(), await ids(), queue.calls]).toEqual([both, both, before + 1])
  })

  it.skipIf(noFlock)('that another process keeps locked is said to be, until it lets go', async () => {
    const { id, ids, storage } = opened(5000)
    const holder = spawn('flock', [join(storage, 'LOCK'), 'sh', '-c', 'echo held; cat'])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    const message = expect.stringContaining('another process keeps the Beads database locked')
    await expect(ids()).rejects.toMatchObject({ code: 'store-locked', retryable: true, message })
    holder.stdin.end()
    await once(holder, 'exit')
    expect(await ids()).toEqual([id])
  })

  it('that is lost in the middle stops everything, and goes on when it is back', async () => {
    const { directory, id, ids } = opened()
    expect(await ids()).toEqual([id])
    const [there, away] = [join(directory, '.beads'), join(directory, '.beads-away')]
    renameSync(join(there, 'metadata.json'), join(directory, 'metadata.json'))
    await expect(ids()).rejects.toMatchObject({ code: 'store-lost', retryable: true })
    renameSync(join(directory, 'metadata.json'), join(there, 'metadata.json'))
    expect(await ids()).toEqual([id])
    renameSync(there, away)
    await expect(ids()).rejects.toMatchObject({ code: 'store-lost', retryable: true })
    renameSync(away, there)
    expect(await ids()).toEqual([id])
  })

  it.each([
    ['of garbage', 'manifest', () => 'garbage'],
    ['emptied', 'manifest', () => ''],
    ['begun anew', 'v'.repeat(32), (whole: Buffer) => whole.subarray(0, 1000)],
  ])('whose storage is %s is said to be damaged', async (_how, file, spoilt) => {
    const { directory, ids, storage } = opened()
    await ids()
    const path = join(storage, file)
    writeFileSync(path, spoilt(readFileSync(path)))
    // Somebody has written: without that nobody looks.
    appendFileSync(join(directory, '.beads/metadata.json'), '\n')
    await expect(ids()).rejects.toMatchObject({ code: 'store-damaged', port: 'queue' })
  })
})
