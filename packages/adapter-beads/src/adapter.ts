import { type AdapterOptions, type OrchAdapter, OrchError, type Problem } from '@orch/core'
import * as z from 'zod'
import { beadsBoard } from './board/beads-board.ts'
import { type BeadsQueueOptions, beadsQueue } from './queue/beads-queue.ts'

const chosen = z.strictObject({
  actor: z.string().min(1).max(255).exactOptional(),
  program: z.string().min(1).exactOptional(),
  limitMs: z.number().min(1000).exactOptional(),
  epic: z.string().min(1).exactOptional(),
  closeEpics: z.boolean().exactOptional(),
})

/** This package as a configuration names it: `queue: { use: '@orch/adapter-beads', closeEpics: true }`, or in short `queue: beads`. */
export const orchAdapter: OrchAdapter = {
  queue: (options) => beadsQueue(checked('queue', options)),
  board: (options) => beadsBoard(checked('board', options)),
}

function checked(port: string, options: AdapterOptions): BeadsQueueOptions {
  const { repository, target: _target, path: _path, ...given } = options
  const read = chosen.safeParse(given, { jitless: true })
  if (read.success) return { directory: repository, ...read.data }
  const problems = read.error.issues.map((issue): Problem => {
    const field = [port, ...issue.path].join('.')
    return { code: 'invalid-value', field, message: `${field}: ${issue.message}` }
  })
  throw new OrchError('invalid-configuration', 'Beads is configured with something that it cannot use', { problems })
}
