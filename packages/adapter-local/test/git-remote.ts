import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Vcs } from '@orch/core'
import type { Edits, Files } from '@orch/core/testing'
import { type GitVcsOptions, gitVcs } from '../src/git/git-vcs.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'

/** A user's repository whose `main` was pushed to a bare one, and a clone of that in which somebody else works. */
export interface RemoteStage extends Disposable {
  readonly repository: TestRepository
  readonly bare: string
  open(options?: Partial<GitVcsOptions>): Vcs
  /** Where the branch of the remote is. */
  head(): string
  /** As somebody else: commits and pushes. */
  othersPush(edits: Edits): string
  /** As somebody else, who forces the branch to another commit. */
  othersForce(commit: string): void
  /** Makes a hook of the remote: lines of `sh`. */
  hook(name: string, script: string): void
}

export function remoteStage(files?: Files, options: readonly string[] = []): RemoteStage {
  const repository = testRepository(files, options)
  const { folder, git } = repository
  const [bare, clone] = [join(folder, 'remote.git'), join(folder, 'clone')]
  git(['init', '-q', '--bare', '-b', 'main', ...options, bare], folder)
  git(['remote', 'add', 'origin', bare])
  git(['push', '-q', 'origin', 'main'])
  const inClone = (given: readonly string[]) =>
    git(['-c', 'user.name=Other', '-c', 'user.email=other@example.org', ...given], clone)
  const fetched = () => {
    if (!existsSync(clone)) git(['clone', '-q', bare, clone], folder)
    inClone(['fetch', '-q', 'origin'])
    inClone(['reset', '-q', '--hard', 'origin/main'])
  }
  return {
    repository,
    bare,
    open: (more) => gitVcs({ repository: repository.root, target: 'main', remote: { url: bare }, ...more }),
    head: () => git(['rev-parse', 'main'], bare),
    othersPush(edits) {
      fetched()
      write(clone, edits)
      inClone(['add', '-A'])
      inClone(['commit', '-q', '-m', 'By somebody else'])
      inClone(['push', '-q', 'origin', 'main'])
      return git(['rev-parse', 'main'], clone)
    },
    othersForce(commit) {
      fetched()
      inClone(['push', '-q', '--force', 'origin', `${commit}:main`])
    },
    hook(name, script) {
      mkdirSync(join(bare, 'hooks'), { recursive: true })
      writeFileSync(join(bare, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    },
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  }
}
