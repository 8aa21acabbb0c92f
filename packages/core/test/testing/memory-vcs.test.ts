import { describe, expect, it } from 'vitest'
import { memoryVcs } from '../../src/testing/memory-vcs.ts'
import { vcsFiles } from '../../src/testing/vcs-rig.ts'
import { vcsSuite } from '../../src/testing/vcs-suite.ts'

describe('memoryVcs', () => {
  vcsSuite({ describe, it, expect }, () => {
    const vcs = memoryVcs({ files: vcsFiles })
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
})
