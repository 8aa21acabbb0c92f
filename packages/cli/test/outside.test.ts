import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Prepared, prepared } from './prepared.ts'
import { freshFolder, git } from './rig.ts'

/** Commits a file too many, and takes it back when it is told to. */
const program = `
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
const isTold = readFileSync(process.env.ORCH_PROMPT_FILE, 'utf8').includes('outside its scope')
writeFileSync('mine.txt', 'mine, turn ' + process.env.ORCH_TURN + '\\n')
if (isTold) rmSync('extra.txt')
else writeFileSync('extra.txt', 'too much\\n')
execFileSync('git', ['add', '--all'])
execFileSync('git', ['commit', '--quiet', '--message', 'Work'])
execFileSync('orch', ['tell', 'done'])
`

async function stage(outsideScope: string): Promise<Prepared> {
  const agent = [process.execPath, join(freshFolder({ 'agent.mjs': program }), 'agent.mjs')]
  const made = await prepared({ agent, tasks: '- { id: mine, writes: [mine.txt] }\n' })
  const file = join(made.root, 'orch.config.json')
  const configuration = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...configuration, policy: { ...configuration.policy, outsideScope } }))
  return made
}

const landed = (root: string): readonly string[] => git(root, 'ls-tree', '--name-only', 'main').match(/\w+\.txt/g) ?? []

describe('a commit outside the scope of its task', () => {
  it('is told of, and lands', async () => {
    const { root, call } = await stage('warn')
    const run = await call('run')
    expect(run).toMatchObject({ exit: 0, stderr: expect.stringContaining('outside its scope: extra.txt') })
    expect(landed(root)).toEqual(['extra.txt', 'mine.txt'])
  })

  it('waits for a person, who lets it land', async () => {
    const { root, call } = await stage('stuck')
    const run = await call('run')
    expect(run).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('it changes extra.txt outside its scope: land'),
    })
    expect(landed(root)).toEqual([])
    expect(await call('land', 'mine')).toMatchObject({ exit: 0 })
    expect(landed(root)).toEqual(['extra.txt', 'mine.txt'])
  })

  it('is sent back to its agent, and only the rest lands', async () => {
    const { root, call } = await stage('refuse')
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(landed(root)).toEqual(['mine.txt'])
    expect(git(root, 'show', 'main:mine.txt')).toBe('mine, turn 2\n')
  })
})
