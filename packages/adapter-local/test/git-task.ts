import type { Oid, Policy, Sealed, Vcs, Workspace } from '@orch/core'
import type { Edits } from '@orch/core/testing'
import { gitVcs } from '../src/git/git-vcs.ts'
import { type TestRepository, write } from './git-repository.ts'

export const signal: AbortSignal = new AbortController().signal

export const files = { 'README.md': 'read me\n', 'src/a.ts': 'a\n' }

export function open(repository: TestRepository): Vcs {
  return gitVcs({ repository: repository.root, target: 'main' })
}

export async function make(repository: TestRepository, vcs = open(repository), name = 'task'): Promise<Workspace> {
  const from = repository.git(['rev-parse', 'main'])
  const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from, signal })
  if (!made.ok) throw new Error(`${made.reason}: ${made.detail}`)
  return made.value
}

/** What sealing answers, refused or not. */
export async function sealing(
  vcs: Vcs,
  { name = 'task', include = ['**'] }: { name?: string; include?: readonly string[] } = {},
): ReturnType<Vcs['seal']> {
  // Nothing has landed in these tests yet: branches start where the target is.
  const from = (await vcs.observe({ landed: [], signal })).target
  return vcs.seal({ workspace: name, branch: `orch/${name}`, from, before: null, include, message: 'Do it', signal })
}

export async function seal(vcs: Vcs, options?: Parameters<typeof sealing>[1]): Promise<Sealed> {
  const sealed = await sealing(vcs, options)
  if (!sealed.ok) throw new Error(sealed.detail)
  return sealed.value
}

/** A candidate that makes `edits` on what the target holds. */
export async function candidate(
  repository: TestRepository,
  edits: Edits,
  {
    method = 'merge',
    name = 'task',
    vcs = gitVcs({ repository: repository.root, target: 'main' }),
  }: { method?: Policy['landing']['method']; name?: string; vcs?: Vcs } = {},
): Promise<{ vcs: Vcs; base: Oid; head: Oid; commit: Oid }> {
  const base = repository.git(['rev-parse', 'main'])
  const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  write(made.value.directory, edits)
  const { head } = await seal(vcs, { name })
  const built = await vcs.buildCandidate({ base, head, from: base, method, message: 'Land it', signal })
  if (!built.ok) throw new Error(built.detail)
  return { vcs, base, head, commit: built.value.commit }
}
