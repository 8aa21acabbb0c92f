import {
  type MemoryVcs,
  memoryReviewHost,
  memoryVcs,
  type ReviewHostMergeRig,
  reviewHostMergeSuite,
  reviewHostSuite,
} from '@orch/core/testing'
import { describe, expect, it } from 'vitest'

const framework = { describe, it, expect }
const { signal } = new AbortController()

reviewHostSuite(framework, () => memoryReviewHost())
reviewHostSuite(framework, () => memoryReviewHost(memoryVcs()))

reviewHostMergeSuite(framework, () => {
  const vcs = memoryVcs({ via: 'push' })
  const host = memoryReviewHost(vcs)
  const { merge } = host
  if (merge === undefined) throw new Error('it cannot merge')
  return {
    host: { ...host, merge },
    done: (branch, files) => committed(vcs, branch, files),
    userCommit: (files) => vcs.userCommit(files),
    target: () => targetOf(vcs),
    read: (commit) => vcs.read(commit),
    holds: (commit, head) => vcs.ancestors(commit).has(head),
    rulesAre: (now) => host.mergesAre(now === 'met' ? 'answers' : 'unmet'),
  } satisfies ReviewHostMergeRig
})

function targetOf(vcs: MemoryVcs): string {
  return vcs.branches().get(vcs.target) ?? ''
}

async function committed(vcs: MemoryVcs, branch: string, files: Record<string, string>): Promise<string> {
  const name = branch.replace('/', '-')
  await vcs.createWorkspace({ name, branch, from: targetOf(vcs), signal })
  vcs.edit(name, files)
  return vcs.commit(name, `Add ${Object.keys(files).join(', ')}`)
}
