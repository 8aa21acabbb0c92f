import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, type TestRepository, testRepository, write } from './git-repository.ts'
import { make, seal, sealing, signal } from './git-task.ts'

function cloning(repository: TestRepository): Vcs {
  return gitVcs({ repository: repository.root, target: 'main', isolation: 'clone' })
}

/** Some object in a file of its own. */
function looseOf(own: string): string {
  const folder = readdirSync(join(own, 'objects')).find((name) => /^[0-9a-f]{2}$/.test(name)) ?? ''
  return join(folder, readdirSync(join(own, 'objects', folder))[0] ?? '')
}

async function staged(repository: TestRepository): Promise<{ vcs: Vcs; at: string; own: string }> {
  const vcs = cloning(repository)
  const { directory: at } = await make(repository, vcs)
  return { vcs, at, own: repository.git(['rev-parse', '--absolute-git-dir'], at) }
}

describe('a workspace that is a clone', () => {
  it('shares no configuration, hooks, refs or stash with the repository', async () => {
    using repository = testRepository()
    const { at, own } = await staged(repository)
    const refs = repository.git(['for-each-ref'])
    const config = readFileSync(join(repository.common, 'config'), 'utf8')
    repository.git(['config', 'core.fsmonitor', '/planted'], at)
    repository.git(['config', '--unset', 'core.fsmonitor'], at)
    repository.git(['config', 'evil.key', 'x'], at)
    write(own, { 'hooks/pre-commit': '#!/bin/sh\n' })
    write(at, { 'README.md': 'stashed\n' })
    repository.git(['stash'], at)
    repository.git(['branch', 'mine'], at)
    repository.git(['update-ref', 'refs/heads/main', repository.git(['commit-tree', '-m', 'x', 'HEAD^{tree}'], at)], at)
    expect(readFileSync(join(repository.common, 'config'), 'utf8')).toBe(config)
    expect(existsSync(join(repository.common, 'hooks', 'pre-commit'))).toBe(false)
    expect(repository.git(['for-each-ref'])).toBe(refs)
  })

  it('keeps what was committed, staged, stashed, left on other branches and packed, without the clone', async () => {
    using repository = testRepository()
    const { vcs, at } = await staged(repository)
    for (const text of ['stashed first', 'stashed second']) {
      write(at, { 'README.md': `${text}\n` })
      repository.git(['stash'], at)
    }
    repository.git(['switch', '-q', '-c', 'side'], at)
    write(at, { 'side.txt': 'on the side\n' })
    repository.git(['add', '-A'], at)
    repository.git(['commit', '-q', '-m', 'Side'], at)
    repository.git(['switch', '-q', 'orch/task'], at)
    write(at, { 'done.txt': 'done\n' })
    repository.git(['add', '-A'], at)
    repository.git(['commit', '-q', '-m', 'Done'], at)
    repository.git(['gc', '-q'], at)
    write(at, { 'staged.txt': 'staged\n' })
    repository.git(['add', '-A'], at)
    write(at, { 'staged.txt': 'and changed\n' })
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toEqual({
      ok: true,
      value: { moved: null },
    })
    expect(existsSync(at)).toBe(false)
    const pins = repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/']).split('\n')
    const kept = JSON.stringify(pins.map((oid) => readCommit(repository, oid)))
    for (const text of ['stashed first', 'stashed second', 'on the side', 'done', 'staged', 'and changed'])
      expect(kept).toContain(`${text}\\n`)
    repository.git(['fsck', '--full', '--strict'])
  })

  it('goes on where its agent is told to, and shows it the target as it is now', async () => {
    using repository = testRepository()
    const { vcs, at } = await staged(repository)
    write(at, { 'mine.txt': 'mine\n' })
    const { head } = await seal(vcs)
    expect(repository.git(['rev-parse', 'orch/task'])).toBe(head)
    expect(repository.git(['rev-parse', 'HEAD'], at)).toBe(head)
    expect(repository.git(['status', '--porcelain'], at)).toBe('')
    const target = repository.commit({ 'theirs.txt': 'theirs\n' })
    await vcs.observe({ landed: [], signal })
    repository.git(['merge', '-q', '--no-edit', 'main'], at)
    const merged = await seal(vcs)
    expect(repository.git(['merge-base', merged.head, 'main'])).toBe(target)
  })

  it('that was rewritten keeps what its branch was', async () => {
    using repository = testRepository()
    const { vcs, at } = await staged(repository)
    write(at, { 'a.txt': 'first\n' })
    const { head } = await seal(vcs)
    repository.git(['reset', '-q', '--hard', 'HEAD~1'], at)
    write(at, { 'a.txt': 'second\n' })
    const again = await seal(vcs)
    expect(repository.git(['rev-parse', 'orch/task'])).toBe(again.head)
    expect(repository.git(['for-each-ref', '--points-at', head, 'refs/orch/kept/'])).not.toBe('')
  })

  it('takes no object whose content is another one than its name says', async () => {
    using repository = testRepository()
    const { vcs, at, own } = await staged(repository)
    write(at, { 'a.txt': 'a\n' })
    const blob = repository.git(['hash-object', '-w', 'a.txt'], at)
    const wrong = `${'1'.repeat(40)}`
    mkdirSync(join(own, 'objects/11'), { recursive: true })
    writeFileSync(
      join(own, 'objects/11', wrong.slice(2)),
      readFileSync(join(own, 'objects', blob.slice(0, 2), blob.slice(2))),
    )
    mkdirSync(join(own, 'objects/22'), { recursive: true })
    writeFileSync(join(own, 'objects/22', '2'.repeat(38)), 'no object')
    await seal(vcs)
    expect(repository.works(['cat-file', '-e', blob])).toBe(true)
    expect(repository.works(['cat-file', '-e', wrong])).toBe(false)
    repository.git(['fsck', '--full', '--strict'])
  })

  it('takes hundreds of objects at once, of any size, and none of those that are not what they are called', async () => {
    using repository = testRepository()
    const { vcs, at, own } = await staged(repository)
    const sizes = [0, 1, 15, 16, 17, 2047, 2048, 2049, 262_143, 262_144, 5_000_000]
    const edits = Array.from({ length: 150 }, (_, index): [string, string] => [`many/${index}.txt`, `${index}\n`])
    write(at, Object.fromEntries([...edits, ...sizes.map((size) => [`sizes/${size}`, 'x'.repeat(size)] as const)]))
    repository.git(['add', '-A'], at)
    repository.git(['commit', '-q', '-m', 'Many'], at)
    const wrong = '1'.repeat(40)
    mkdirSync(join(own, 'objects/11'), { recursive: true })
    writeFileSync(join(own, 'objects/11', wrong.slice(2)), readFileSync(join(own, 'objects', looseOf(own))))
    mkdirSync(join(own, 'objects/22'), { recursive: true })
    execFileSync('mkfifo', [join(own, 'objects/22', '2'.repeat(38))])
    const { head } = await seal(vcs)
    rmSync(own, { recursive: true })
    expect(repository.git(['ls-tree', '-r', '--name-only', head]).split('\n')).toHaveLength(1 + 150 + sizes.length)
    for (const size of sizes)
      expect(repository.git(['cat-file', '-s', `${head}:sizes/${size}`]), String(size)).toBe(String(size))
    expect(repository.works(['cat-file', '-e', wrong])).toBe(false)
    repository.git(['fsck', '--full', '--strict'])
    const packs = readdirSync(join(repository.common, 'objects/pack')).filter((name) => name.endsWith('.pack'))
    expect(packs).toHaveLength(1)
  })

  it('is taken from once: what lies in a pack is not copied again', async () => {
    using repository = testRepository()
    const { vcs, at } = await staged(repository)
    write(at, Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`many/${index}.txt`, `${index}\n`])))
    await seal(vcs)
    const packs = () => readdirSync(join(repository.common, 'objects/pack'))
    const before = packs()
    write(at, { 'one.txt': 'one more\n' })
    await seal(vcs)
    expect(packs()).toEqual(before)
  })

  for (const folder of ['', 'objects', 'refs', 'refs/heads'])
    it(`is not followed elsewhere by a link in the place of ${folder || 'all of it'}`, async () => {
      using repository = testRepository()
      const { vcs, at, own } = await staged(repository)
      write(at, { 'a.txt': 'a\n' })
      const elsewhere = join(repository.folder, 'elsewhere')
      repository.git(['clone', '-q', '--no-local', repository.root, elsewhere])
      const before = repository.git(['for-each-ref'], elsewhere)
      writeFileSync(join(elsewhere, '.git', 'gitdir'), `${join(at, '.git')}\n`)
      renameSync(join(own, folder), join(repository.folder, 'aside'))
      symlinkSync(join(elsewhere, '.git', folder), join(own, folder))
      expect(await sealing(vcs).catch((error: Error) => error)).toMatchObject({ code: 'no-access' })
      repository.commit({ 'b.txt': 'b\n' })
      await vcs.observe({ landed: [], signal })
      expect(repository.git(['for-each-ref'], elsewhere)).toBe(before)
      expect(repository.git(['status', '--porcelain'], elsewhere)).toBe('')
    })

  it('made before stays what it is when worktrees are wanted, and the other way round', async () => {
    using repository = testRepository()
    const { at } = await staged(repository)
    const linking = gitVcs({ repository: repository.root, target: 'main' })
    write(at, { 'a.txt': 'a\n' })
    const { head } = await seal(linking)
    expect(repository.git(['rev-parse', 'HEAD'], at)).toBe(head)
    const { directory } = await make(repository, linking, 'linked')
    write(directory, { 'b.txt': 'b\n' })
    await seal(cloning(repository), { name: 'linked' })
    expect(repository.git(['worktree', 'list']).split('\n').length).toBe(2)
  })
})
