import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testAgent } from './agent.ts'
import { prepared } from './prepared.ts'
import { git, main } from './rig.ts'

const tasks = [
  '- { id: a, title: A, writes: [a.txt] }',
  '- { id: b, title: B, writes: [b.txt], dependsOn: [a] }',
  '- { id: c, title: C, writes: [c.txt] }',
  '- { id: d, title: D, writes: [d.txt] }',
  '- { id: e, title: E, writes: [e.txt], dependsOn: [c, d] }',
  '',
].join('\n')

/** Runs `orch run` and kills it the moment its progress says `moment` for the `count`-th time; true when it was killed. */
function killAt(root: string, moment: string, count: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@orch/source', main, 'run'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let seen = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      seen += text
      if (seen.split(moment).length > count) child.kill('SIGKILL')
    })
    child.on('close', (_code, signal) => resolve(signal === 'SIGKILL'))
  })
}

describe('SIGKILL of orch run', () => {
  it('at any moment loses nothing, does nothing twice, and the next run goes on to the same end', async () => {
    const { root, call } = await prepared({ agent: testAgent().command, tasks, checks: ['test -f README.md'] })
    let killed = 0
    for (const [moment, count] of [
      ['agent started', 1],
      ['committed', 1],
      ['checks run', 1],
      ['landed as', 1],
      ['agent started', 1],
      ['checks passed', 1],
    ] as const) {
      if (await killAt(root, moment, count)) killed++
    }
    expect(killed).toBeGreaterThan(2)
    expect(await call('run')).toMatchObject({ exit: 0 })

    expect(
      git(root, 'ls-tree', '--name-only', 'main')
        .split('\n')
        .filter((name) => name.endsWith('.txt')),
    ).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => `${id}.txt`))
    const landings = git(root, 'log', '--first-parent', '--format=%b', 'main').match(/Task: \w+/g) ?? []
    expect(landings.sort()).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => `Task: ${id}`))
    expect(git(root, 'status', '--porcelain')).toBe('')
    expect(git(root, 'branch', '--format=%(refname:short)').trim()).toBe('main')
    expect(git(root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
    expect(git(root, 'fsck', '--no-dangling', '--no-progress')).toBe('')

    expect(await call('prune', '--yes')).toMatchObject({ exit: 0 })
    expect(git(root, 'for-each-ref', '--format=%(refname)').trim()).toBe('refs/heads/main')
    // What a kill left half made stays for an hour: it could be another process's that is at it right now.
    const left = existsSync(`${root}.worktrees`) ? readdirSync(`${root}.worktrees`) : []
    expect(left.filter((name) => name !== '.making')).toEqual([])
    expect(readdirSync(join(root, '.git/orch/processes')).filter((name) => !name.startsWith('.'))).toEqual([])
  })

  it('two runs at once share the work', async () => {
    const { root, call } = await prepared({ agent: testAgent().command, tasks })
    const ended = await Promise.all([call('run'), call('run')])
    expect(ended.map(({ exit }) => exit)).toEqual([0, 0])
    expect(ended.flatMap(({ stderr }) => stderr.match(/agent started/g) ?? [])).toHaveLength(5)
    expect(git(root, 'log', '--first-parent', '--format=%b', 'main').match(/Task: \w+/g)).toHaveLength(5)
    expect(git(root, 'status', '--porcelain')).toBe('')
  })
})
