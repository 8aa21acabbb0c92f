import { boardSuite } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { beadsBoard, beadsQueue } from '../src/index.ts'
import { bd, freshDatabase, lacksBd, onRealBd, program } from './real-bd.ts'

const { signal } = new AbortController()
const openBoard = (directory = freshDatabase(), epic?: string) =>
  beadsBoard({ directory, program: program ?? 'bd', ...(epic !== undefined && { epic }) })

describe.skipIf(lacksBd)(onRealBd('beadsBoard on a real bd'), { timeout: 120_000 }, () => {
  boardSuite({ describe, it, expect }, () => openBoard())

  it('keeps its entries as comments on the epic, which people read with bd', async () => {
    const directory = freshDatabase()
    bd(directory, 'create', '--title=Feeding log', '-t', 'epic', '--id', 'demo-a3f')
    await openBoard(directory, 'demo-a3f').note({ key: 'k', tag: 'decision', text: 'we use tables', signal })
    expect(bd(directory, 'comments', 'demo-a3f')).toContain('we use tables')
    expect((await openBoard(directory, 'demo-a3f').read({ signal })).map(({ text }) => text)).toEqual(['we use tables'])
  })

  it('is no task of the queue', async () => {
    const directory = freshDatabase()
    await openBoard(directory).post({ key: 'k', author: 'ann', text: 'news', signal })
    await using queue = beadsQueue({ directory, program: program ?? 'bd' })
    expect((await queue.list({ all: true, signal })).tasks).toEqual([])
    expect(bd(directory, 'ready')).not.toContain('orchestrator')
  })
})
