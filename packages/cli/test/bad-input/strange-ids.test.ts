import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { orch } from '../rig.ts'
import { place, writeFiles } from './bad-input.ts'

/** Names that a tracker may have given: odd, and harmless as long as nobody takes them for something else. */
const ids = [
  '../x',
  '-rf',
  '--help',
  'a.b',
  'a-b',
  'A-b',
  '007',
  '1.0',
  '__proto__',
  'caf\u00e9',
  'cafe\u0301',
  '$(touch planted)',
  '.git/config',
  'HEAD',
  'it\'s "quoted"',
]

describe('a strange id', () => {
  it('works the whole way: added, planned, run, shown, landed, pruned', async () => {
    using here = place()
    const agent = 'echo "$ORCH_TASK" > "done/$(printf %s "$ORCH_TASK" | cksum | tr " " -)"'
    writeFiles(here.repository, {
      'done/.keep': '',
      'orch.config.json': JSON.stringify({
        agent: { command: ['sh', '-c', agent] },
        policy: { maxAgents: 8, maxAttempts: 1, unknownScope: 'allow', landing: { by: 'orchestrator' } },
      }),
    })
    here.git('rm', '--quiet', 'orch.config.yaml')
    here.git('add', '--all')
    here.git('commit', '--quiet', '--message=Prepare')
    const numbers = ids.filter((id) => /^[\dx.]+$/.test(id)).map((id) => `- { id: ${id} }\n`)
    const others = ids.filter((id) => !/^[\dx.]+$/.test(id))
    writeFiles(here.folder, {
      'numbers.yaml': numbers.join(''),
      'others.json': JSON.stringify(others.map((id) => ({ id, dependsOn: ['007'] }))),
    })
    const call = (...words: string[]) => orch(words, { directory: here.repository })
    expect(await call('add', '../numbers.yaml')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('add', '../others.json')).toMatchObject({ exit: 0, stderr: '' })
    const before = JSON.parse((await call('status', '--json')).stdout)
    expect(before.tasks.map((task: { id: string }) => task.id).toSorted()).toEqual(ids.toSorted())

    const some = ['../x', '-rf', '--help', '__proto__', '.git/config']
    const shown = await Promise.all(some.map((id) => call('show', '--json', '--', id)))
    expect(shown.map(({ stdout }) => JSON.parse(stdout).id)).toEqual(some)
    expect(await call('cancel', '--', '-rf')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('retry', '--', '-rf')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('run')).toMatchObject({ exit: 0 })
    const landed = here.git('ls-tree', '--name-only', 'main:done').trim().split('\n')
    expect(landed.length).toBe(ids.length + 1)
    const said = landed.filter((name) => name !== '.keep').map((name) => here.git('show', `main:done/${name}`).trim())
    expect(said.toSorted()).toEqual(ids.toSorted())

    expect(await call('prune', '--yes')).toMatchObject({ exit: 0, stderr: '' })
    expect(here.git('for-each-ref', '--format=%(refname)').trim()).toBe('refs/heads/main')
    expect(existsSync(join(here.repository, 'planted'))).toBe(false)
    expect(readdirSync(here.folder).toSorted()).toEqual(['numbers.yaml', 'others.json', 'repository', 'tasks.yaml'])
  }, 60_000)
})
