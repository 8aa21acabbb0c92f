import { describe, expect, it } from 'vitest'
import { memoryVcs } from '../../src/testing/memory-vcs.ts'
import { vcsPushSuite } from '../../src/testing/vcs-push-suite.ts'
import { vcsFiles } from '../../src/testing/vcs-rig.ts'
import { vcsSuite } from '../../src/testing/vcs-suite.ts'

describe('memoryVcs', () => {
  vcsSuite({ describe, it, expect }, () => {
    const vcs = memoryVcs({ files: vcsFiles })
    return { ...vcs, vcs, again: () => vcs.alongside() }
  })

  vcsPushSuite({ describe, it, expect }, () => {
    const vcs = memoryVcs({ files: vcsFiles, via: 'push' })
    return { ...vcs, vcs, again: () => vcs.alongside() }
  })

  it('lets an agent find its workspace by the directory that it was started in', async () => {
    const vcs = memoryVcs()
    const { signal } = new AbortController()
    const { target } = await vcs.observe({ landed: [], signal })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: target, signal })
    if (!made.ok) throw new Error(made.reason)
    vcs.edit(made.value.directory, { 'new.txt': 'new\n' })
    expect(vcs.read('task')).toMatchObject({ 'new.txt': 'new\n' })
  })

  it('lets an agent merge the target, where both changed a file with both texts, and move its branch', async () => {
    const vcs = memoryVcs()
    const { signal } = new AbortController()
    const { target } = await vcs.observe({ landed: [], signal })
    await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: target, signal })
    vcs.edit('task', { 'both.txt': 'mine\n', 'own.txt': 'own\n' })
    vcs.commit('task', 'mine')
    vcs.edit('task', { 'later.txt': 'not committed\n' })
    const theirs = vcs.userCommit({ 'both.txt': 'theirs\n', 'other.txt': 'other\n' })
    const head = vcs.mergeTarget('task')
    expect(vcs.read(head)).toMatchObject({ 'both.txt': 'theirs\nmine\n', 'own.txt': 'own\n', 'other.txt': 'other\n' })
    expect(vcs.read('task')).toEqual({ ...vcs.read(head), 'later.txt': 'not committed\n' })
    expect(vcs.ancestors(head).has(theirs)).toBe(true)
    const candidate = { base: theirs, head, from: target, method: 'merge', message: 'x', signal } as const
    expect(await vcs.buildCandidate(candidate)).toMatchObject({ ok: true })
    vcs.reset('task', target)
    expect(vcs.branches().get('orch/task')).toBe(target)
    expect(vcs.folders().size).toBe(1)
    vcs.remove('task')
    expect([vcs.branches().has('orch/task'), vcs.folders().size]).toEqual([false, 0])
  })
})
