import { fork } from 'node:child_process'
import type { NewTask } from '@orch/core'
import { joined, type SeedsOptions, type Shrunk, type Tally } from '@orch/core/testing'
import type { Mutation } from './mutation.ts'
import type { SeedsWork } from './seeds-worker.ts'

/** Plays seeds in processes of their own, so many side by side. */
export async function playInProcesses(options: SeedsOptions & { readonly processes: number }): Promise<Tally> {
  const { processes, first, runs } = options
  const shares = Array.from({ length: processes }, (_, at) => Math.floor((runs - at + processes - 1) / processes))
  const plays = shares.map((share, at) => playInProcess({ first: first + at, runs: share, stride: processes }))
  return joined(await Promise.all(plays))
}

export function playInProcess(work: SeedsOptions & { readonly mutation?: Mutation }): Promise<Tally> {
  return inProcess<Tally>(work)
}

export function shrinkInProcess(seed: number, mutation: Mutation, tasks?: readonly NewTask[]): Promise<Shrunk | null> {
  return inProcess<Shrunk | null>({ first: seed, runs: 1, mutation, shrinks: true, ...(tasks && { tasks }) })
}

/** Not in a thread: Node's own has been seen to crash where many of them load modules that a hook has changed. */
function inProcess<Answer>(work: SeedsWork): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const player = fork(new URL('./seeds-worker.ts', import.meta.url), {
      execArgv: ['--conditions=@orch/source'],
      serialization: 'advanced',
    })
    player.once('message', (answer) => resolve(answer as Answer))
    player.once('error', reject)
    player.once('exit', (code) => reject(new Error(`the process ended with ${code} and said nothing`)))
    player.send(work)
  })
}
