import type { Board } from '@orch/core'
import { OrchError } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { makePort } from '../src/configuration/adapter.ts'
import { freshFolder } from './rig.ts'

const adapter = `export const orchAdapter = {
  board: async (options) => ({ post: async () => undefined, note: async () => undefined, options }),
}`

const manifest = (name: string, exports: unknown) => JSON.stringify({ name, type: 'module', exports })

async function boardOf(use: string, directory: string): Promise<unknown> {
  const board: Board & { options?: unknown } = await makePort(
    'board',
    { use, room: 7 },
    { directory, repository: '/repository', target: 'main' },
  )
  return board.options
}

async function problem(use: string, directory: string, port: 'board' | 'queue' = 'board'): Promise<string> {
  try {
    await makePort(port, { use }, { directory, repository: '/repository' })
  } catch (error) {
    if (OrchError.is(error)) return error.problems[0]?.message ?? error.message
    throw error
  }
  throw new Error('expected a refusal')
}

describe('an adapter that a configuration names', () => {
  const options = { room: 7, repository: '/repository', target: 'main' }

  it('is a package of the user’s, also one that can only be imported', async () => {
    const folder = freshFolder({
      'node_modules/@acme/plain/package.json': manifest('@acme/plain', './index.js'),
      'node_modules/@acme/plain/index.js': adapter,
      'node_modules/only-import/package.json': manifest('only-import', {
        '.': { types: './x.d.ts', import: './lib/index.js' },
      }),
      'node_modules/only-import/lib/index.js': adapter,
    })
    expect(await boardOf('@acme/plain', folder)).toEqual(options)
    expect(await boardOf('only-import', folder)).toEqual(options)
  })

  it('is a file beside the configuration', async () => {
    expect(await boardOf('./adapter.mjs', freshFolder({ 'adapter.mjs': adapter }))).toEqual(options)
  })

  it('is refused with the reason', async () => {
    const folder = freshFolder({
      'none.mjs': 'export const orchAdaptor = {}',
      'part.mjs': adapter,
      'broken.mjs': 'throw new Error("oops")',
    })
    expect(await problem('@acme/missing', folder)).toBe(
      `board.use: @acme/missing is not installed. Install it in ${folder}, or name another package.`,
    )
    expect(await problem('./none.mjs', folder)).toBe(
      'board.use: ./none.mjs is no adapter: it exports no object under the name orchAdapter.',
    )
    expect(await problem('./part.mjs', folder, 'queue')).toBe(
      'queue.use: ./part.mjs is no adapter for queue: its orchAdapter offers board.',
    )
    expect(await problem('./broken.mjs', folder)).toBe('board.use: ./broken.mjs cannot be loaded: oops')
  })
})
