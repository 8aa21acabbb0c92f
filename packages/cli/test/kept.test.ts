import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keptChangesText, keptText } from '../src/print/kept.ts'
import { bare } from '../src/print/look.ts'
import { prepared } from './prepared.ts'
import { freshFolder, git } from './rig.ts'

/** Leaves a commit, and a file beside it with a name that a terminal would obey. */
const program = `
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
writeFileSync('one.txt', 'whole\\n')
execFileSync('git', ['add', 'one.txt'])
execFileSync('git', ['commit', '-q', '-m', 'Do \\u001b[31mone'])
writeFileSync('odd\\u001b[2J\\n.txt', 'odd \\u001b[2J\\n')
process.exit(3)
`

it('orch kept lists, shows and restores what a cancelled task had done, and changes nothing else', async () => {
  const folder = freshFolder({ 'agent.mjs': program })
  const { root, call } = await prepared({
    agent: [process.execPath, join(folder, 'agent.mjs')],
    tasks: '- { id: one, title: First, writes: [one.txt] }\n',
  })
  expect(await call('kept', 'list')).toMatchObject({ exit: 0, stdout: 'Nothing is kept.\n' })
  expect(await call('run')).toMatchObject({ exit: 1 })
  expect(await call('cancel', 'one')).toMatchObject({ exit: 0 })
  const before = git(root, 'status', '--porcelain', '--branch') + git(root, 'rev-parse', 'HEAD')

  const list = await call('kept', 'list', 'one')
  expect(list).toMatchObject({ exit: 0, stderr: '' })
  const lines = list.stdout.split('\n')
  expect(lines[1]).toMatch(/^ {2}one {2}tree-[0-9a-f]{16} +\w+ {2}[0-9a-f]{10} {2}not committed: 1 file: odd .txt$/)
  expect(lines[2]).toMatch(/^ {2}one {2}head-[0-9a-f]{16} +\w+ {2}[0-9a-f]{10} {2}commits up to: Do one$/)
  const { kept } = JSON.parse((await call('kept', 'list', '--json')).stdout)
  expect(kept[0]).toMatchObject({ tasks: ['one'], kind: 'files', files: { first: ['odd\u001b[2J\n.txt'] } })

  const shown = await call('kept', 'show', 'one', '--diff')
  expect(shown.stdout).toContain('      +1     −0  odd .txt\n      +1     −0  one.txt')
  expect(shown.stdout).toContain('\n+whole')
  expect(shown.stdout).not.toContain('\u001b')
  expect((await call('kept', 'show', 'one', 'head', '--json')).stdout).toContain('"path": "one.txt"')
  expect(await call('kept', 'show', 'one', 'nothing')).toMatchObject({ exit: 2 })
  expect(await call('kept', 'show', 'nobody')).toMatchObject({ exit: 2 })

  const branch = `kept/one/${kept[0].name}`
  const restored = await call('kept', 'restore', 'one')
  expect(restored).toMatchObject({ exit: 0, stdout: expect.stringContaining(`Made the branch ${branch} at`) })
  expect(git(root, 'show', `${branch}:one.txt`)).toBe('whole\n')
  expect(await call('kept', 'restore', 'one')).toMatchObject({ exit: 2, stderr: expect.stringContaining('already') })
  const written = await call('kept', 'restore', 'one', 'head', '--to', '../back')
  const back = join(root, '../back')
  expect(written.stdout).toContain(`Look at it: ls ${back}`)
  expect(readFileSync(join(back, 'one.txt'), 'utf8')).toBe('whole\n')
  expect(existsSync(join(back, '.git'))).toBe(false)
  expect(await call('kept', 'restore', 'one', '--to', '../back')).toMatchObject({ exit: 2 })
  expect(await call('kept', 'restore', 'one', '--to', 'x', '--branch', 'y')).toMatchObject({ exit: 2 })
  expect(git(root, 'status', '--porcelain', '--branch') + git(root, 'rev-parse', 'HEAD')).toBe(before)
})

it('long ones are cut with a note, and folders are named', () => {
  const oid = 'a'.repeat(40)
  const work = { workspace: 'w', name: 'tree-1', tasks: [], at: null, subject: '', directory: null, oid } as const
  const files = Array.from({ length: 150 }, (_, at) => ({ path: `${at}`, insertions: 1, deletions: null }))
  const changes = { from: 'b'.repeat(40), files, count: 2000, patch: '+x\n', isCut: true }
  const text = keptChangesText({ work: { ...work, kind: 'files', files: null }, changes }, bare)
  expect(text).toContain('  … and 1900 more')
  expect(text.split('\n').at(-1)).toBe(`… cut here; all of it: git diff bbbbbbbbbb ${oid}`)
  const folder = { ...work, kind: 'folder', oid: null, directory: '/w/\u001b[1m.aside', files: null } as const
  expect(keptText([folder], bare, 0)).toContain('(w)  tree-1      moved aside: /w/.aside')
})
