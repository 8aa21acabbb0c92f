import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { orch } from '../rig.ts'
import { place, writeFiles } from './bad-input.ts'
import { badRepositories } from './bad-repositories.ts'
import { expectRefusal, expectRefusalAsJson, snapshot } from './refusal.ts'

describe.concurrent('refused, and left as it is', { timeout: 60_000 }, () => {
  it.each(badRepositories)('$input', async (bad) => {
    using here = place()
    const directory = bad.make(here) ?? here.repository
    const where = { directory, from: here.folder }
    const before = snapshot(here.folder)
    await Promise.all([
      ...bad.calls.map((words) => expectRefusal(bad, words, where)),
      expectRefusalAsJson(bad, bad.calls[0] ?? [], where),
    ])
    expect(snapshot(here.folder)).toEqual(before)
  })

  it('a directory that may not be entered', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may enter every directory')
    using here = place()
    chmodSync(here.repository, 0o600)
    const refused = await orch(['status', '-C', here.repository], { directory: here.folder })
    chmodSync(here.repository, 0o700)
    expect(refused).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('check its permissions') })
  })
})

describe.concurrent('not refused', { timeout: 60_000 }, () => {
  it('a detached HEAD with a target in the configuration: work lands there', async () => {
    using here = place()
    writeFiles(here.repository, {
      'orch.config.yaml': `target: main\n${readFileSync(join(here.repository, 'orch.config.yaml'), 'utf8')}policy: { landing: { by: orchestrator } }\n`,
    })
    here.git('checkout', '--quiet', '--detach')
    const call = (...words: string[]) => orch(words, { directory: here.repository })
    expect(await call('add', '../tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(here.git('show', 'main:done.txt')).toBe('done\n')
    // Nobody's checkout was touched: HEAD is still where it was.
    expect(existsSync(join(here.repository, 'done.txt'))).toBe(false)
    expect(here.git('rev-parse', 'HEAD')).toBe(here.git('rev-parse', 'main~1'))
  })

  it('a branch named orch beside another prefix: the branches of tasks have it', async () => {
    using here = place()
    here.git('branch', 'orch')
    const before = here.git('rev-parse', 'orch')
    writeFiles(here.repository, {
      'orch.config.yaml': `${readFileSync(join(here.repository, 'orch.config.yaml'), 'utf8')}policy: { branchPrefix: agents/of-, maxAttempts: 1 }\n`,
    })
    const call = (...words: string[]) => orch(words, { directory: here.repository })
    expect(await call('add', '../tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('run')).toMatchObject({ exit: 3 })
    expect(here.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').trim().split('\n')).toEqual([
      'agents/of-a',
      'main',
      'orch',
    ])
    expect(await call('land', 'a')).toMatchObject({ exit: 0 })
    expect(here.git('show', 'main:done.txt')).toBe('done\n')
    expect(here.git('rev-parse', 'orch')).toBe(before)
  })

  it('an empty repository or a detached HEAD for orch init, which helps to begin', async () => {
    using here = place()
    here.git('init', '--quiet', '--initial-branch=main', '../empty')
    const empty = await orch(['init', '--json'], { directory: join(here.folder, 'empty') })
    expect(JSON.parse(empty.stdout)).toMatchObject({ written: ['orch.config.yaml', 'tasks.yaml'], target: 'main' })
    here.git('checkout', '--quiet', '--detach')
    here.git('rm', '--quiet', 'orch.config.yaml')
    const detached = await orch(['init'], { directory: here.repository })
    expect(detached).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('No branch is checked out: set target.'),
    })
  })

  it('a branch whose name only begins like the prefix', async () => {
    using here = place()
    here.git('branch', 'orchestra')
    expect(await orch(['run'], { directory: here.repository })).toMatchObject({ exit: 0 })
  })

  it('GIT_DIR and the like in the environment, as in a hook: the directory counts', async () => {
    using here = place()
    here.git('init', '--quiet', '../other')
    const environment = { GIT_DIR: join(here.folder, 'other/.git'), GIT_INDEX_FILE: join(here.folder, 'no-index') }
    const before = snapshot(join(here.folder, 'other'))
    const call = (...words: string[]) => orch(words, { directory: here.repository, environment })
    expect(await call('add', '../tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
    expect(JSON.parse((await call('status', '--json')).stdout)).toMatchObject({ target: 'main', tasks: [{ id: 'a' }] })
    expect(snapshot(join(here.folder, 'other'))).toEqual(before)
  })

  it('a submodule: it is a repository of its own', async () => {
    using here = place()
    here.git('init', '--quiet', '--initial-branch=main', '../library')
    const inner = ['-C', '../library', '-c', 'user.name=x', '-c', 'user.email=x@example.com']
    here.git(...inner, 'commit', '--quiet', '--allow-empty', '--message=Begin')
    here.git('submodule', '--quiet', 'add', '../library', 'library')
    const call = (...words: string[]) => orch(words, { directory: join(here.repository, 'library') })
    expect(await call('add', join(here.folder, 'tasks.yaml'))).toMatchObject({ exit: 0, stderr: '' })
    expect(JSON.parse((await call('status', '--json')).stdout)).toMatchObject({ target: 'main', tasks: [{ id: 'a' }] })
    // The repository round it knows nothing of it.
    const outer = await orch(['status', '--json'], { directory: here.repository })
    expect(JSON.parse(outer.stdout)).toMatchObject({ tasks: [] })
  })
})
