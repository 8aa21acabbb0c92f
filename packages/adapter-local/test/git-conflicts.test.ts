import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { files, make, open, signal } from './git-task.ts'

const text = (lines: Readonly<Record<number, string>> = {}) =>
  `${Array.from({ length: 60 }, (_, index) => lines[index + 1] ?? `line ${index + 1}`).join('\n')}\n`

const first = {
  'src/a.txt': text(),
  'src/b.txt': text({ 1: 'b' }),
  'lib/c.txt': text({ 1: 'c' }),
  'lib/d.txt': text({ 1: 'd' }),
  'run.sh': '#!/bin/sh\n',
  'picture.bin': '\0\x01first\0',
  'list.txt': 'one\n',
  'fixed.txt': text({ 1: 'fixed' }),
  'crlf.txt': 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\n',
  '.gitattributes': 'list.txt merge=union\nfixed.txt -merge\n',
}

type Change = (root: string) => void
const edit = (path: string, lines: Readonly<Record<number, string>>): Change => {
  const before = first[path as keyof typeof first].split('\n')
  const after = before.map((line, index) => lines[index + 1] ?? line).join('\n')
  return (root) => write(root, { [path]: after })
}
const put =
  (path: string, content: string | null): Change =>
  (root) =>
    write(root, { [path]: content })
const move =
  (from: string, to: string): Change =>
  (root) => {
    mkdirSync(dirname(join(root, to)), { recursive: true })
    renameSync(join(root, from), join(root, to))
  }
const drop =
  (path: string): Change =>
  (root) =>
    rmSync(join(root, path), { recursive: true })
const link =
  (path: string, to: string): Change =>
  (root) => {
    rmSync(join(root, path), { recursive: true, force: true })
    symlinkSync(to, join(root, path))
  }
const all =
  (...changes: readonly Change[]): Change =>
  (root) => {
    for (const change of changes) change(root)
  }

/** One kind of change each. */
const changes: Readonly<Record<string, Change>> = {
  'a line': edit('src/a.txt', { 20: 'changed' }),
  'the same line in another way': edit('src/a.txt', { 20: 'changed otherwise' }),
  'the line beside it': edit('src/a.txt', { 21: 'beside' }),
  'a line two below': edit('src/a.txt', { 22: 'near' }),
  'a line far away': edit('src/a.txt', { 50: 'far' }),
  'takes the file away': put('src/a.txt', null),
  'renames the file': move('src/a.txt', 'src/renamed.txt'),
  'renames it otherwise': move('src/a.txt', 'src/otherwise.txt'),
  'renames and changes it': all(move('src/a.txt', 'src/moved.txt'), put('src/moved.txt', text({ 20: 'moved' }))),
  'renames the folder': move('lib', 'library'),
  'adds to the folder': put('lib/new.txt', 'new\n'),
  'makes it executable': (root) => chmodSync(join(root, 'run.sh'), 0o755),
  'changes what is executable': put('run.sh', '#!/bin/sh\nexit\n'),
  'a binary file': put('picture.bin', '\0\x02second\0'),
  'a binary file otherwise': put('picture.bin', '\0\x03third\0'),
  'a link instead of a file': link('src/b.txt', 'a.txt'),
  'another link': link('src/b.txt', '../run.sh'),
  'changes the file that becomes a link': edit('src/b.txt', { 30: 'b' }),
  'adds a file': put('added.txt', 'one\n'),
  'adds it otherwise': put('added.txt', 'two\n'),
  'adds it executable': all(put('added.txt', 'one\n'), (root) => chmodSync(join(root, 'added.txt'), 0o755)),
  'a folder instead of a file': all(drop('list.txt'), put('list.txt/in.txt', 'in\n')),
  'a file instead of a folder': all(drop('lib'), put('lib', 'a file\n')),
  'a line of a union': put('list.txt', 'one\ntwo\n'),
  'another line of a union': put('list.txt', 'one\nthree\n'),
  'a line of what is not to be merged': edit('fixed.txt', { 10: 'x' }),
  'another line of what is not to be merged': edit('fixed.txt', { 50: 'y' }),
  'a line with other ends': put('crlf.txt', 'one\ntwo\nthree\nfour\nfive\nsix\n'),
  'a line with its ends': put('crlf.txt', 'one\r\nchanged\r\nthree\r\nfour\r\nfive\r\nsix\r\n'),
  'what a file is': put('.gitattributes', 'list.txt -merge\nsrc/a.txt binary\n'),
}

function branches(repository: TestRepository, made: Readonly<Record<string, Change>>): ReadonlyMap<string, string> {
  const base = repository.git(['rev-parse', 'main'])
  return new Map(
    Object.entries(made).map(([name, change]) => {
      change(repository.root)
      repository.git(['add', '-A'])
      repository.git(['commit', '-q', '--allow-empty', '-m', name])
      const head = repository.git(['rev-parse', 'HEAD'])
      repository.git(['reset', '-q', '--hard', base])
      repository.git(['clean', '-qfdx'])
      return [name, head]
    }),
  )
}

/** What a person would find out who merges the second of each pair into a check-out of the first. All in one shell: it is done hundreds of times. */
function reallyMerge(repository: TestRepository, pairs: readonly (readonly [string, string])[]): readonly boolean[] {
  const script = `
    git config core.fsync none
    while read -r ours theirs; do
      [ "$ours" = "$at" ] || git checkout -q -f --detach "$ours"
      at=$ours
      git merge -q --no-ff --no-commit "$theirs" >/dev/null 2>&1 && echo clean || echo stopped
      git reset -q --hard "$ours"
      git clean -qfdx
    done`
  const given = {
    cwd: repository.root,
    encoding: 'utf8',
    input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''),
  } as const
  const said = execFileSync('sh', ['-c', script], given).trim().split('\n')
  return said.map((word) => word === 'clean')
}

/** Pairs of which prediction and a real merge tell different things. */
async function mistakes(repository: TestRepository, heads: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const named = [...heads]
  const pairs = named.flatMap((one, at) => named.slice(at + 1).map((other) => [one, other] as const))
  const answers = await open(repository).predict?.({ pairs: pairs.map(([[, a], [, b]]) => [a, b]), signal })
  const real = reallyMerge(
    repository,
    pairs.map(([[, ours], [, theirs]]) => [ours, theirs]),
  )
  return pairs.flatMap(([[one], [other]], index) => {
    const clean = answers?.[index]?.length === 0
    const really = real[index] ?? false
    return clean === really ? [] : [`${really ? 'false' : 'missed'}: ${one} and ${other}`]
  })
}

describe('predicted conflicts beside real merges', () => {
  it('are the same for every pair of kinds of changes: none false, none missed', { timeout: 400_000 }, async () => {
    using repository = testRepository(first)
    expect(await mistakes(repository, branches(repository, changes))).toEqual([])
  })

  it('are the same for generated changes', { timeout: 400_000 }, async () => {
    const names = Object.keys(changes)
    const paths = ['src/a.txt', 'src/b.txt', 'lib/c.txt'] as const
    const line = fc.tuple(fc.constantFrom(...paths), fc.integer({ min: 1, max: 60 }), fc.constantFrom('x', 'y'))
    const lines = fc.array(line, { maxLength: 4 }).map(
      (edits): Change =>
        (root) => {
          for (const path of paths) {
            const own = edits.filter(([where]) => where === path)
            if (own.length > 0)
              edit(path, Object.fromEntries(own.map(([, number, content]) => [number, content])))(root)
          }
        },
    )
    const other = fc
      .constantFrom(...names.filter((name) => !/folder|renames and/.test(name)))
      .map((name) => changes[name])
    const branch = fc
      .tuple(lines, fc.option(other, { freq: 2 }))
      .map(([some, one]): Change => all(some, one ?? (() => {})))
    await fc.assert(
      fc.asyncProperty(fc.array(branch, { minLength: 4, maxLength: 4 }), async (made) => {
        using repository = testRepository(first)
        expect(await mistakes(repository, branches(repository, Object.fromEntries(made.entries())))).toEqual([])
      }),
      { numRuns: 8 },
    )
  })
})

describe('a look at conflicts', () => {
  it('leaves nothing in the repository, and every file and index as it was', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    for (const name of ['one', 'two']) {
      const { directory } = await make(repository, vcs, name)
      write(directory, { 'src/a.ts': `by ${name}\n`, 'src/new.ts': `new by ${name}\n` })
      repository.git(['add', 'src/new.ts'], directory)
    }
    const sight = () => [
      repository.git(['count-objects']),
      repository.git(['for-each-ref']),
      ...['one', 'two'].map((name) => repository.git(['status', '--porcelain'], join(repository.worktrees, name))),
    ]
    const before = sight()
    const workspaces = ['one', 'two'].map((workspace) => ({ workspace, include: ['src/a.ts'] }))
    const [one = '', two = ''] = ((await vcs.snapshots?.({ workspaces, signal })) ?? []).map((oid) => oid ?? '')
    const [found] = (await vcs.predict?.({ pairs: [[one, two]], signal })) ?? []
    expect(found?.map(({ path }) => path)).toEqual(['src/a.ts'])
    expect(sight()).toEqual(before)
    expect(readdirSync(join(repository.common, 'orch', 'git')).filter((name) => name.startsWith('merges'))).toEqual([])
    expect(repository.git(['fsck', '--no-dangling'])).toBe('')
  })
})

describe('a workspace that git cannot read', () => {
  it('is unseen, and the others are seen', { timeout: 30_000 }, async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    for (const name of ['one', 'two', 'three']) {
      const { directory } = await make(repository, vcs, name)
      write(directory, { 'src/a.ts': `by ${name}\n` })
    }
    execFileSync('mkfifo', [join(repository.worktrees, 'two', '.gitattributes')])
    write(join(repository.worktrees, 'three'), { 'secret.txt': 'x\n' })
    rmSync(join(repository.common, 'worktrees', 'orch.three', 'HEAD'))
    const workspaces = ['one', 'two', 'three'].map((workspace) => ({ workspace, include: ['**'] }))
    const oids = await vcs.snapshots?.({ workspaces, signal })
    expect(oids?.map((oid) => oid !== null)).toEqual([true, false, false])
  })
})

describe('what a predicted conflict tells', () => {
  const kindsOf = async (one: string, other: string) => {
    using repository = testRepository(first)
    const pick = (name: string) => changes[name] as Change
    const [ours = '', theirs = ''] = branches(repository, { [one]: pick(one), [other]: pick(other) }).values()
    const [files = null] = (await open(repository).predict?.({ pairs: [[ours, theirs]], signal })) ?? []
    return files
  }

  it.each([
    ['a line', 'the same line in another way', 'src/a.txt', 'content'],
    ['a line', 'takes the file away', 'src/a.txt', 'modify-delete'],
    ['renames the file', 'renames it otherwise', 'src/a.txt', 'rename'],
    ['a binary file', 'a binary file otherwise', 'picture.bin', 'binary'],
    ['a link instead of a file', 'changes the file that becomes a link', 'src/b.txt', 'file-link'],
    ['adds a file', 'adds it otherwise', 'added.txt', 'both-added'],
    ['adds a file', 'adds it executable', 'added.txt', 'mode'],
    ['a folder instead of a file', 'a line of a union', 'list.txt', 'file-folder'],
    ['renames the folder', 'adds to the folder', 'library/new.txt', 'rename'],
  ])('%s and %s: %s, %s', async (one, other, path, kind) => {
    expect(await kindsOf(one, other)).toContainEqual(expect.objectContaining({ path, kind }))
  })

  it('is where the lines are on both sides', async () => {
    using repository = testRepository({ 'a.txt': text() })
    const moved = `${'new\n'.repeat(5)}${text({ 20: 'ours', 40: 'both' })}`
    const [ours = '', theirs = ''] = branches(repository, {
      one: put('a.txt', moved),
      other: put('a.txt', text({ 20: 'theirs', 21: 'theirs, too', 40: 'both' })),
    }).values()
    const [files] = (await open(repository).predict?.({ pairs: [[ours, theirs]], signal })) ?? []
    expect(files?.map(({ lines }) => lines)).toEqual([
      [{ ours: { from: 25, count: 2 }, theirs: { from: 20, count: 2 } }],
    ])
  })
})
