import type { Oid, Policy, Vcs, Workspace } from '@orch/core'
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

export async function seal(
  vcs: Vcs,
  include: readonly string[] = ['**'],
): Promise<{ head: string; left: readonly string[] }> {
  const sealed = await vcs.seal({
    workspace: 'task',
    branch: 'orch/task',
    from: await targetOf(vcs),
    before: null,
    include,
    message: 'Do it',
    signal,
  })
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
  const sealed = await vcs.seal({
    workspace: name,
    branch: `orch/${name}`,
    from: await targetOf(vcs),
    before: null,
    include: ['**'],
    message: 'Do it',
    signal,
  })
  if (!sealed.ok) throw new Error(sealed.detail)
  const { head } = sealed.value
  const built = await vcs.buildCandidate({ base, head, from: base, method, message: 'Land it', signal })
  if (!built.ok) throw new Error(built.detail)
  return { vcs, base, head, commit: built.value.commit }
}

/** Where branches of these tests start. */
export async function targetOf(vcs: Vcs): Promise<string> {
  return (await vcs.observe({ landed: [], signal })).target
}
