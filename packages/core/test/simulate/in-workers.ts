import { Worker } from 'node:worker_threads'
import { joined, type SeedsOptions, type Tally } from '@orch/core/testing'
import type { SeedsWork } from './seeds-worker.ts'

/** Plays seeds in threads of their own, `threads` side by side. */
export async function playInThreads(options: SeedsOptions & { readonly threads: number }): Promise<Tally> {
  const { threads, first, runs } = options
  const shares = Array.from({ length: threads }, (_, at) => Math.floor((runs - at + threads - 1) / threads))
  return joined(
    await Promise.all(shares.map((share, at) => playInThread({ first: first + at, runs: share, stride: threads }))),
  )
}

export function playInThread(work: SeedsWork): Promise<Tally> {
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
