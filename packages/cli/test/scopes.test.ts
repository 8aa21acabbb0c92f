import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testAgent } from './agent.ts'
import { prepared } from './prepared.ts'
import { freshFolder, freshRepository, git, orch } from './rig.ts'

const tasks = `
- { id: one, writes: [one.txt, docs/**] }
- { id: two, writes: ['*.txt'] }
- { id: three }
- { id: four, hold: true, writes: [four.txt] }
`

describe('scopes that were declared against what landed', () => {
  it('are shown by status and plan once something has landed', async () => {
    const { root, call } = await prepared({ agent: testAgent().command, tasks })
    expect((await call('status')).stdout).not.toContain('Scopes')
    expect(JSON.parse((await call('status', '--json')).stdout)).toMatchObject({ target: 'main', scopes: null })
    await call('run')
    git(root, 'gc', '--quiet', '--prune=now')
    const block = `Scopes of what has landed (3)
  precision   67 %  of the declared patterns, something in them was changed
  recall     100 %  of the changed files were declared
  cost       1 of 1 pair kept apart for nothing: one + two
  unknown    1 task declared no scope: three
`
    expect((await call('status')).stdout).toContain(`\n\n${block}`)
    expect((await call('plan')).stdout).toContain(`\n\n${block}`)
    const { scopes } = JSON.parse((await call('status', '--json')).stdout)
    expect(scopes).toMatchObject({ precision: 2 / 3, unknown: ['three'], needless: [['one', 'two']] })
    expect(JSON.parse((await call('plan', '--json')).stdout).scopes).toEqual(scopes)
    expect(JSON.parse((await call('plan', 'tasks.yaml', '--json')).stdout).scopes).toBe(null)
  })
})

describe('orch plan --history', () => {
  const some = `
- { id: login, title: Fix src/login.ts }
- { id: better, title: Do better }
- { id: api, writes: [src/api.ts] }
- { id: client, writes: [src/client.ts] }
`
  const withHistory = (): string => {
    const root = freshRepository({ 'tasks.yaml': some })
    const files = [
      'src/login.ts',
      'src/session.ts',
      'src/api.ts',
      'src/client.ts',
      'src/\u001b[31m\nevil',
      'src/mate.ts',
    ]
    for (const [index, pair] of [...files.keys()].flatMap((at) => Array.from({ length: 4 }, () => at)).entries()) {
      for (const file of files.slice(pair - (pair % 2), pair - (pair % 2) + 2)) {
        git(root, 'update-index', '--add', '--cacheinfo', `100644,${blob(root, `${index}`)},${file}`)
      }
      git(root, 'commit', '--quiet', '--message=change')
    }
    return root
  }

  it('suggests scopes and tells of likely overlaps, and leaves the plan as it is', async () => {
    const root = withHistory()
    const call = (...words: string[]) => orch(['plan', 'tasks.yaml', ...words], { directory: root })
    const [plan, hinted] = [await call(), await call('--history')]
    expect(hinted).toMatchObject({ exit: 0, stderr: '' })
    expect(hinted.stdout).toBe(`${plan.stdout}
From the history (25 commits)
  login declares no scope; likely: writes: [src/login.ts, src/session.ts]
    whoever changes src/login.ts changes src/session.ts, in 100 % of 8 commits
  better declares no scope and names no file that is there
  api and client are likely to overlap, and nothing keeps them apart:
    whoever changes src/client.ts changes src/api.ts, in 100 % of 8 commits
    whoever changes src/api.ts changes src/client.ts, in 100 % of 8 commits
Hints only: the plan is the same without them.
`)
    const { history, ...bare } = JSON.parse((await call('--history', '--json')).stdout)
    expect(bare).toEqual(JSON.parse((await call('--json')).stdout))
    expect(history).toMatchObject({
      commits: 25,
      suggestions: [
        { task: 'login', writes: ['src/login.ts', 'src/session.ts'] },
        { task: 'better', writes: [] },
      ],
      overlaps: [{ tasks: ['api', 'client'] }],
    })
  })

  it('prints no name of a file but as text', async () => {
    const root = withHistory()
    writeFileSync(join(root, 'tasks.yaml'), '- { id: a, title: Mend mate }\n')
    const { stdout } = await orch(['plan', 'tasks.yaml', '--history'], { directory: root })
    expect(stdout).toContain('whoever changes src/mate.ts changes src/\\u{1b}[31m\\u{a}evil, in 100 % of 8 commits')
    expect(stdout).not.toMatch(/[^\P{C}\n]/u)
  })

  it('says where there is no history', async () => {
    const directory = freshFolder({ 'tasks.yaml': some })
    const refused = await orch(['plan', 'tasks.yaml', '--history'], { directory })
    expect(refused).toMatchObject({ exit: 2, stdout: '' })
    expect(refused.stderr).toContain('is in no git repository')
  })
})

function blob(root: string, text: string): string {
  writeFileSync(join(root, '.git', 'text'), text)
  return git(root, 'hash-object', '-w', '.git/text').trim()
}
