import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type VcsPushRig, type VcsRig, vcsFiles, vcsPushSuite, vcsSuite } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { remoteStage } from './git-remote.ts'
import { readCommit, readFolder, type TestRepository, testRepository, write } from './git-repository.ts'

type Isolation = 'worktree' | 'clone'

function rig(options: readonly string[] = [], isolation: Isolation = 'worktree'): VcsRig {
  const repository = testRepository(vcsFiles, options)
  return rigOf(repository, () => gitVcs({ repository: repository.root, target: 'main', isolation }))
}

function pushRig(isolation: Isolation, options: readonly string[] = []): VcsPushRig {
  const stage = remoteStage(vcsFiles, options)
  const { repository, bare } = stage
  return {
    ...rigOf(repository, () => stage.open({ isolation })),
    branch: 'main',
    userCommit(edits) {
      const commit = repository.commit(edits)
      repository.git(['push', '-q', 'origin', 'main'])
      return commit
    },
    remoteIs(now) {
      if (existsSync(`${bare}.away`)) renameSync(`${bare}.away`, bare)
      stage.hook('update', now === 'refuses' ? 'exit 1' : 'exit 0')
      if (now === 'away') renameSync(bare, `${bare}.away`)
    },
  }
}

function rigOf(repository: TestRepository, again: () => ReturnType<typeof gitVcs>): VcsRig {
  const workspace = (name: string) => resolve(repository.worktrees, name)
  const occupants = new Map<string, ChildProcess>()
  return {
    vcs: again(),
    again,
    edit: (name, edits) => write(workspace(name), edits),
    commit(name, message) {
      repository.git(['add', '-A'], workspace(name))
      repository.git(['commit', '-q', '-m', message], workspace(name))
      return repository.git(['rev-parse', 'HEAD'], workspace(name))
    },
    reset(name, to) {
      repository.git(['reset', '-q', '--soft', to], workspace(name))
    },
    detach(name) {
      repository.git(['checkout', '-q', '--detach'], workspace(name))
    },
    spoil(name, path) {
      repository.git(['init', '-q', path], workspace(name))
    },
    async occupy(name, occupied) {
      const before = occupants.get(name)
      if (before !== undefined) {
        before.kill('SIGKILL')
        await once(before, 'exit')
      }
      if (!occupied) return
      const child = spawn('cat', { cwd: workspace(name), stdio: ['pipe', 'ignore', 'ignore'] })
      await once(child, 'spawn')
      occupants.set(name, child)
    },
    tear: (name) => rmSync(workspace(name), { recursive: true }),
    userCommit: (edits) => repository.commit(edits),
    userEdit: (edits) => write(repository.root, edits),
    userFiles: () => readFolder(repository.root),
    read: (named) => (existsSync(named) ? readFolder(named) : readCommit(repository, named)),
    pins() {
      const lines = repository.git(['for-each-ref', '--format=%(refname) %(objectname)', 'refs/orch/kept/']).split('\n')
      return new Map(lines.filter((line) => line !== '').map((line) => line.split(' ') as [string, string]))
    },
    [Symbol.dispose]() {
      for (const child of occupants.values()) child.kill('SIGKILL')
      repository[Symbol.dispose]()
    },
  }
}

const lacks = process.platform === 'linux' ? {} : { occupants: 'this system does not tell where processes work' }

describe('gitVcs', () => vcsSuite({ describe, it, expect }, () => rig(), lacks))
describe('gitVcs with clones', () => vcsSuite({ describe, it, expect }, () => rig([], 'clone'), lacks))
describe('gitVcs that pushes', () => {
  vcsSuite({ describe, it, expect }, () => pushRig('worktree'), lacks)
  vcsPushSuite({ describe, it, expect }, () => pushRig('clone', ['--object-format=sha256']))
})
describe('gitVcs on SHA-256', () => vcsSuite({ describe, it, expect }, () => rig(['--object-format=sha256']), lacks))
