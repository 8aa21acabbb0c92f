import { execFileSync } from 'node:child_process'
import { appendFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bd, lacksBd, onRealBd, program } from '../../../adapter-beads/test/real-bd.ts'
import { freshFolder, freshRepository, git, orch } from '../rig.ts'

describe('orch init --queue beads', () => {
  it('says that there is no bd, and writes nothing', async () => {
    const root = freshRepository()
    const bare = freshFolder()
    for (const program of ['git', 'node'])
      symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(bare, program))
    const call = await orch(['init', '--queue', 'beads'], { directory: root, environment: { PATH: bare } })
    expect(call).toMatchObject({ exit: 2, stderr: expect.stringContaining('install Beads 1.3') })
    expect(git(root, 'status', '--porcelain')).toBe('')
  })

  it.skipIf(lacksBd)(
    onRealBd('makes a database and tells everything that it changed'),
    { timeout: 240_000 },
    async () => {
      const root = freshRepository()
      writeFileSync(join(root, 'staged.txt'), 'mine\n')
      git(root, 'add', 'staged.txt')
      const head = git(root, 'rev-parse', 'HEAD')
      const environment = { PATH: `${join(program ?? '', '..')}:${process.env.PATH}` }
      const call = (...words: string[]) => orch(words, { directory: root, environment })
      const init = () => call('init', '--queue', 'beads')
      const made = await init()
      expect(made).toMatchObject({ exit: 0 })
      expect(made.stdout).toContain(`Added to ${root}/.git/info/exclude: `)
      expect(made.stdout).toContain('Untracked *.db files are hidden from git status by that')
      expect(made.stdout).toContain(`Made ${root}/.beads, the database`)
      // Neither a commit of its own nor anybody's staged file in it.
      expect(git(root, 'rev-parse', 'HEAD')).toBe(head)
      expect(git(root, 'status', '--porcelain').trimEnd().split('\n').sort()).toEqual([
        '?? orch.config.yaml',
        'A  staged.txt',
      ])
      const again = await init()
      expect(again.stdout).toContain('Kept the Beads database that is there already')

      const epics = ['closed', 'childless'].map((title) =>
        bd(root, 'create', `--title=${title}`, '-t', 'epic', '--silent').trim(),
      )
      const [closed = '', childless = ''] = epics
      const task = bd(root, 'create', '--title=no epic', '--silent', '--metadata', '{"hold":true}').trim()
      bd(root, 'close', closed)
      appendFileSync(join(root, 'orch.config.yaml'), 'agent: { command: ["true"] }\n')
      const exits: number[] = []
      for (const epic of [closed, childless, task]) exits.push((await call('run', '--epic', epic)).exit ?? -1)
      // What is no epic counts to itself, and this one waits for a person.
      expect(exits).toEqual([0, 0, 3])
      expect(JSON.parse(bd(root, 'list', '--json', '--status', 'in_progress')).data).toEqual([])
    },
  )
})
