import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder, freshRepository, orch } from './rig.ts'

/** `just`, with an `orch` that writes down what it was called with, one word a line. */
async function justIn(root: string): Promise<(...words: string[]) => readonly string[]> {
  const folder = freshFolder()
  const program = join(folder, 'orch')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/words'\n`)
  chmodSync(program, 0o755)
  const just = join(import.meta.dirname, '../../../node_modules/.bin/just')
  return (...words) => {
    execFileSync(just, words, { cwd: root, env: { ...process.env, ORCH: program }, stdio: 'pipe' })
    return readFileSync(join(folder, 'words'), 'utf8').trimEnd().split('\n')
  }
}

describe('the justfile of orch init --just', () => {
  it('calls orch with what follows the name, word for word', async () => {
    const root = freshRepository()
    expect(await orch(['init', '--just'], { directory: root })).toMatchObject({ exit: 0 })
    const just = await justIn(root)
    expect(just('orchestrate', '--epic', 'bd-a3f8')).toEqual(['run', '--epic', 'bd-a3f8'])
    expect(just('status')).toEqual(['status'])
    const hostile = `it's; $(touch pwned) "x" {{ y }}`
    expect(just('guide', 'bd-a3f8.1', hostile)).toEqual(['guide', 'bd-a3f8.1', hostile])
    expect(just('doctor', '--fix')).toEqual(['doctor', '--fix'])
    expect(just('cancel', 'a')).toEqual(['cancel', 'a'])
  })

  it('is left alone where there is one', async () => {
    const root = freshRepository({ justfile: 'all:\n' })
    expect((await orch(['init', '--just'], { directory: root })).stdout).toContain(
      'Kept justfile, which is there already',
    )
    expect(readFileSync(join(root, 'justfile'), 'utf8')).toBe('all:\n')
  })
})
