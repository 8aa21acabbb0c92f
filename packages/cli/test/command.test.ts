import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prepared, tasks } from './prepared.ts'
import { freshFolder, freshRepository, git, orch } from './rig.ts'

describe('the command', () => {
  it('explains itself', async () => {
    expect(await orch(['--version'])).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    const words = [
      'init',
      'add',
      'import',
      'plan',
      'graph',
      'simulate',
      'run',
      'status',
      'show',
      'guide',
      'cancel',
      'retry',
      'land',
      'take',
      'give',
      'pause',
      'resume',
      'prioritise',
      'release',
      'conflicts',
      'kept',
      'prune',
      'doctor',
      'tell',
    ]
    const all = await orch(['--help'])
    expect(all.exit).toBe(0)
    const helps = await Promise.all(words.map((word) => orch([word, '--help'])))
    for (const [index, help] of helps.entries()) {
      expect(all.stdout).toContain(`\n  ${words[index]} `)
      expect(help).toMatchObject({ exit: 0, stdout: expect.stringContaining(`Examples:\n  $ orch ${words[index]}`) })
      expect(help.stdout).toContain('--json')
    }
  })

  it('refuses a wrong call with 2, in words or as JSON', async () => {
    expect(await orch(['stats'])).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean status?'),
    })
    expect(await orch(['run', '--max-agents', 'many'])).toMatchObject({ exit: 2 })
    const json = await orch(['show', '--json'])
    expect(json).toMatchObject({ exit: 2, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'usage', problems: [] } })
  })

  it('refuses to work outside of a repository', async () => {
    const directory = freshFolder()
    for (const words of [['init'], ['status'], ['run']]) {
      expect(await orch(words, { directory })).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('no git repository'),
      })
    }
    const json = await orch(['status', '--json', '-C', directory])
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'not-a-repository' } })
  })

  it('plans a file anywhere, without storing it', async () => {
    const directory = freshFolder({ 'tasks.yaml': tasks })
    const json = await orch(['plan', 'tasks.yaml', '--json'], { directory })
    expect(json).toMatchObject({ exit: 0, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ mergeOrder: ['one', 'two'] })
    expect((await orch(['plan', 'tasks.yaml'], { directory })).stdout).toContain('two')
    const wrong = freshFolder({ 'tasks.yaml': '- { id: a, dependsOn: [b] }\n- { id: c, dependsOn: [d] }\n' })
    const refused = await orch(['plan', 'tasks.yaml'], { directory: wrong })
    expect(refused).toMatchObject({ exit: 2, stdout: '' })
    expect(refused.stderr.trimEnd().split('\n').length).toBe(3)
  })
})

describe('orch init', () => {
  it('writes a configuration and tasks that work, and never overwrites', async () => {
    const root = freshRepository({ 'package.json': '{ "scripts": { "test": "node --test" } }', 'src/x': '' })
    const first = await orch(['init', '--json'], { directory: join(root, 'src') })
    expect(first).toMatchObject({ exit: 0, stderr: '' })
    expect(JSON.parse(first.stdout)).toMatchObject({
      written: ['orch.config.yaml', 'tasks.yaml'],
      kept: [],
      target: 'main',
      checks: ['npm test'],
      next: ['orch plan tasks.yaml', 'orch add tasks.yaml', 'orch run'],
    })
    const text = readFileSync(join(root, 'orch.config.yaml'), 'utf8')
    const again = await orch(['init'], { directory: root })
    expect(again.stdout).toContain(
      'Kept orch.config.yaml, which is there already\nKept tasks.yaml, which is there already',
    )
    expect(readFileSync(join(root, 'orch.config.yaml'), 'utf8')).toBe(text)
    for (const words of [['plan', 'tasks.yaml'], ['add', 'tasks.yaml'], ['plan'], ['status']]) {
      expect(await orch(words, { directory: root })).toMatchObject({ exit: 0, stderr: '' })
    }
  })
})

describe('tasks in a repository', () => {
  it('are added once, planned, listed and shown', async () => {
    const { root, call } = await prepared({})
    const again = await call('add', 'tasks.yaml', '--json')
    expect(JSON.parse(again.stdout)).toEqual({ added: [], unchanged: ['one', 'two'] })
    const status = await call('status')
    expect(status.stdout).toBe('Waiting (2)\n  one  starts next\n  two  waits for one (depends on it)\n')
    const json = await orch(['--json', '-C', root, 'status'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      target: 'main',
      tasks: [{ id: 'one', status: 'waiting' }, { id: 'two' }],
    })
    expect(JSON.parse((await call('plan', '--json')).stdout)).toMatchObject({ mergeOrder: ['one', 'two'] })
    expect((await call('show', 'two')).stdout).toMatch(/^two {2}Second\n\n {2}status {5}waiting/)
    expect(await call('show', 'three')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('there is no task three'),
    })
    expect(await call('prune')).toMatchObject({ exit: 0, stdout: 'Nothing is left over.\n' })
    expect(git(root, 'status', '--porcelain')).toBe('')
  })

  it('do not run without an agent', async () => {
    const { call } = await prepared({})
    const refused = await call('run')
    expect(refused).toMatchObject({ exit: 2, stdout: '' })
    expect(refused.stderr).toContain("{ command: ['claude', '-p', '{prompt}'] }")
  })

  it('are shown in colours only where somebody wants them', async () => {
    const { root } = await prepared({})
    const coloured = await orch(['status'], { directory: root, environment: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1mWaiting (2)')
    expect((await orch(['status'], { directory: root })).stdout).not.toContain('\u001b')
  })
})
