import { join } from 'node:path'
import type { Oid, Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { attributes, plantHooks, plants } from './git-plants.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { seal, signal } from './git-task.ts'

/** Every verb, with both sides changed so that there is something to merge. */
async function live(
  vcs: Vcs,
  repository: TestRepository,
  base: Oid,
  workspace: string,
  before: () => void,
): Promise<void> {
  write(workspace, { 'src/both.txt': '1\n2\n3\n4\n5\nours\n', 'src/a.txt': 'changed\n', 'src/new.txt': 'new\n' })
  before()
  await vcs.observe({ landed: [], signal })
  await vcs.changes({ workspace: 'task', base, signal })
  await vcs.preserve({ workspace: 'task', as: 'task', signal })
  const [now] = (await vcs.snapshots?.({ workspaces: [{ workspace: 'task', include: ['**'] }], signal })) ?? []
  const there = repository.git(['rev-parse', 'main'])
  const predicted = await vcs.predict?.({ pairs: [[there, now ?? '']], signal })
  expect(predicted).not.toEqual([null])
  const { head } = await seal(vcs)
  const target = repository.git(['rev-parse', 'main'])
  for (const method of ['rebase', 'squash', 'merge'] as const) {
    const options = { base: target, head, from: base, method, message: 'Land it', signal }
    const candidate = await vcs.buildCandidate(options)
    if (!candidate.ok) throw new Error(candidate.detail)
    await vcs.checkout({ commit: candidate.value.commit, signal })
    if (method !== 'merge') continue
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
    expect(await vcs.land({ expect: target, commit: candidate.value.commit, signal })).toEqual({ ok: true })
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
  }
  write(workspace, { 'src/late.txt': 'late\n' })
  const other = await vcs.createWorkspace({ name: 'other', branch: 'orch/other', from: target, signal })
  expect(other.ok).toBe(true)
  for (const name of ['task', 'other']) {
    const retired = await vcs.retire({ workspace: name, branch: `orch/${name}`, signal })
    expect(retired).toMatchObject({ ok: true })
  }
  await vcs.prune({ keep: [], branches: [], drop: true, signal })
}

describe('what an agent plants is never run', () => {
  for (const { name, plant, control } of plants) {
    it(name, async () => {
      using repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n' })
      const base = repository.git(['rev-parse', 'HEAD'])
      const vcs = gitVcs({ repository: repository.root, target: 'main' })
      const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
      if (!made.ok) throw new Error(made.detail)
      repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
      const { program, ran } = repository.canary()
      const workspace = made.value.directory
      await live(vcs, repository, base, workspace, () => plant(repository, program, workspace))
      expect(ran()).toBe(false)
    })

    it(`${name} (the control: git itself runs it)`, async () => {
      using repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n' })
      const base = repository.git(['rev-parse', 'HEAD'])
      const vcs = gitVcs({ repository: repository.root, target: 'main' })
      const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
      if (!made.ok) throw new Error(made.detail)
      repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
      const { program, ran } = repository.canary()
      plant(repository, program, made.value.directory)
      control(repository, made.value.directory)
      expect(ran()).toBe(true)
    })
  }

  it('a repository that was planted in before it is opened', async () => {
    using repository = testRepository({
      'src/both.txt': '1\n2\n3\n4\n5\n6\n',
      'src/a.txt': 'a\n',
      '.gitattributes': attributes,
    })
    const base = repository.git(['rev-parse', 'HEAD'])
    repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
    const { program, ran } = repository.canary()
    for (const setting of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'merge.evil.driver',
      'diff.external',
      'gpg.program',
    ]) {
      repository.git(['config', setting, program])
    }
    plantHooks(join(repository.common, 'hooks'), program)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    await live(vcs, repository, base, made.value.directory, () => undefined)
    expect(ran()).toBe(false)
  })
})
