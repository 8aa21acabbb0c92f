import { taskQueueSuite } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { type BeadsQueue, beadsQueue } from '../src/index.ts'
import { freshDatabase, lacksBd, onRealBd, program } from './real-bd.ts'

const directories = new WeakMap<BeadsQueue, string>()
const openQueue = (directory = freshDatabase()): BeadsQueue => {
  const queue = beadsQueue({ directory, program: program ?? 'bd' })
  directories.set(queue, directory)
  return queue
}

describe.skipIf(lacksBd)(onRealBd('beadsQueue on a real bd'), { timeout: 240_000 }, () => {
  taskQueueSuite({ describe, it, expect }, openQueue, {
    lacks: { 'many-schedulers': 'no guard of bd covers a whole snapshot' },
    alongside: (queue) => openQueue(directories.get(queue)),
  })
})
