import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedView } from '../src/git/view-files.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { files, make, open, seal, signal } from './git-task.ts'

function viewsIn({ common }: TestRepository): readonly string[] {
  const folder = join(common, 'orch', 'git')
  return readdirSync(folder).map((name) => join(folder, name))
}

/** What somebody who can write there could do to a git directory of ours that stays. */
const plants: Readonly<Record<string, (view: string, program: string) => void>> = {
  'a filter': (view, program) => {
    writeFileSync(join(view, 'config'), `[filter "evil"]\n\tsmudge = ${program}\n\tclean = ${program}\n`)
    write(view, { 'info/attributes': '* filter=evil\n' })
  },
  'another configuration beside it': (view, program) => {
    write(view, { '../elsewhere/config': `[core]\n\tfsmonitor = ${program}\n`, commondir: '../elsewhere\n' })
  },
  'a link out': (view) => {
    renameSync(join(view, 'refs'), join(view, '..', 'refs'))
    symlinkSync(join(view, '..', 'refs'), join(view, 'refs'))
  },
  'half of it gone': (view) => rmSync(join(view, 'refs'), { recursive: true }),
  'a file in its place': (view) => {
    rmSync(view, { recursive: true })
    writeFileSync(view, 'x\n')
  },
  'an object store of its own': (view) => mkdirSync(join(view, 'objects', 'pack'), { recursive: true }),
}

describe('a git directory of ours that stays', () => {
  it.each(['nothing', 'something else'])(
    'is made by several processes at once where %s is, and is right for each of them',
    async (present) => {
      using repository = testRepository(files)
      const parent = join(repository.folder, 'views')
      const go = join(repository.folder, 'go')
      const count = 100
      if (present !== 'nothing') {
        for (let index = 0; index < count; index += 1) {
          const view = {
            HEAD: 'ref: refs/heads/none\n',
            config: `[core]\n\tview = ${index}\n`,
            'info/attributes': `* ${index}\n`,
          }
          rmSync(join(sharedView(parent, view), 'HEAD'))
        }
      }
      const words = ['--conditions=@orch/source', join(import.meta.dirname, 'fixtures/view-maker.ts'), parent, go]
      const makers = Array.from({ length: 4 }, () => spawn(process.execPath, [...words, String(count)]))
      const said = makers.map(async ({ stdout }) => (await stdout.toArray()).join(''))
      await Promise.all(makers.map(({ stdout }) => once(stdout, 'readable')))
      writeFileSync(go, '')
      expect(await Promise.all(said)).toEqual(makers.map(() => `ready\n${count}\n`))
      expect(readdirSync(parent).filter((name) => !/^view\.[0-9a-f]{16}$/.test(name))).toEqual([])
      expect(readdirSync(parent).length).toBe(count)
    },
  )

  for (const [what, plant] of Object.entries(plants)) {
    it(`is made anew when somebody left ${what} in it`, async () => {
      using repository = testRepository(files)
      const { program, ran } = repository.canary()
      const vcs = open(repository)
      const { directory } = await make(repository, vcs)
      const views = viewsIn(repository)
      expect(views).not.toEqual([])
      for (const view of views) plant(view, program)
      write(directory, { 'src/a.ts': 'changed\n' })
      const from = repository.git(['rev-parse', 'main'])
      const { head } = await seal(vcs)
      repository.commit({ 'other.txt': 'other\n' })
      const base = repository.git(['rev-parse', 'main'])
      const built = await vcs.buildCandidate({ base, head, from, method: 'merge', message: 'Land it', signal })
      if (!built.ok) throw new Error(built.detail)
      await vcs.checkout({ commit: built.value.commit, signal })
      await make(repository, vcs, 'other')
      expect(ran()).toBe(false)
      expect(repository.git(['show', `${built.value.commit}:src/a.ts`])).toBe('changed')
      expect(viewsIn(repository).filter((view) => view.includes('index.'))).toEqual([])
    })
  }
})
