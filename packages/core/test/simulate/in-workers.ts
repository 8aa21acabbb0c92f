import { Worker } from 'node:worker_threads'
import { joined, type SeedsOptions, type Shrunk, type Tally } from '@orch/core/testing'
import type { Mutation } from './mutation.ts'
import type { SeedsWork } from './seeds-worker.ts'

/** Plays seeds in threads of their own, `threads` side by side. */
export async function playInThreads(options: SeedsOptions & { readonly threads: number }): Promise<Tally> {
  const { threads, first, runs } = options
  const shares = Array.from({ length: threads }, (_, at) => Math.floor((runs - at + threads - 1) / threads))
  const plays = shares.map((share, at) => playInThread({ first: first + at, runs: share, stride: threads }))
  return joined(await Promise.all(plays))
}

export function playInThread(work: SeedsOptions & { readonly mutation?: Mutation }): Promise<Tally> {
  return inThread<Tally>(work)
}

export function shrinkInThread(seed: number, mutation: Mutation): Promise<Shrunk | null> {
  return inThread<Shrunk | null>({ first: seed, runs: 1, mutation, shrinks: true })
}

function inThread<Answer>(work: SeedsWork): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seeds-worker.ts', import.meta.url), {
      workerData: work,
      execArgv: ['--conditions=@orch/source'],
    })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code} and said nothing`)))
  })
}
