import type { Oid } from '../model/run-state.ts'
import type { Workspace } from '../model/vcs-world.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { Edits, Files, Hot } from './memory-files.ts'
import { disposeOf, itUnless, type TestFramework } from './suite.ts'

/**
 * What an adapter brings to its suite, new for each test: a repository whose target holds `vcsFiles` in one commit and is checked
 * out by a user.
 */
export interface VcsRig extends Partial<AsyncDisposable & Disposable> {
  readonly vcs: Vcs
  /** The branch that the user has checked out. Default `vcs.target`. */
  readonly branch?: string
  /** The same repository as another process would open it. */
  again(): Vcs
  /** As an agent: writes files of a workspace, or of a check-out that is told by its directory; null takes one away. */
  edit(workspace: string, edits: Edits): Promise<void> | void
  /** As an agent: commits all that its workspace holds. */
  commit(workspace: string, message: string): Promise<Oid> | Oid
  /** As an agent: leaves the branch. */
  detach(workspace: string): Promise<void> | void
  /** As an agent: moves its branch to another commit and keeps its files. */
  reset(workspace: string, to: Oid): Promise<void> | void
  /** As an agent: puts something at `path` that a commit cannot hold. */
  spoil(workspace: string, path: string): Promise<void> | void
  /** A process that is not ours works in the workspace from now on, or no longer. */
  occupy(workspace: string, occupied: boolean): Promise<void> | void
  /** The files of the workspace are gone, what git knows about it stays. */
  tear(workspace: string): Promise<void> | void
  /** As the user: commits to the target, in their checkout, and pushes it where that is a remote's. */
  userCommit(edits: Edits): Promise<Oid> | Oid
  /** As the user: changes files of the checkout without committing. */
  userEdit(edits: Edits): Promise<void> | void
  /** What the user's checkout holds. */
  userFiles(): Promise<Files> | Files
  /** What a commit holds, or a directory. */
  read(commitOrDirectory: string): Promise<Files> | Files
  pins(): Promise<ReadonlyMap<string, Oid>> | ReadonlyMap<string, Oid>
}

/** What the target holds at first. */
export const vcsFiles: Files = { 'README.md': 'read me\n', 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' }

export const signal: AbortSignal = new AbortController().signal

/** One rig at work. */
export interface VcsAtWork extends VcsRig {
  readonly base: Oid
  /** The workspace `task` on `orch/task`, or another one. */
  make(name?: string, vcs?: Vcs): Promise<Workspace>
  /** Seals the workspace with everything in it and returns its head. */
  sealed(name?: string): Promise<Oid>
  /** A workspace with `edits`, sealed. */
  done(edits: Edits, name?: string): Promise<Oid>
  candidate(base: Oid, head: Oid, method?: 'merge' | 'squash' | 'rebase', hot?: Hot): ReturnType<Vcs['buildCandidate']>
  /** The candidate's commit, where there must be one. */
  built(...candidate: Parameters<VcsAtWork['candidate']>): Promise<Oid>
  target(): Promise<Oid>
  /** Who landed the change, or null. */
  landedBy(head: Oid, commit: Oid | null): Promise<'us' | 'other' | null>
  pinned(): Promise<readonly Oid[]>
}

export function vcsTest(
  framework: TestFramework,
  factory: () => Promise<VcsRig> | VcsRig,
): (name: string, body: (rig: VcsAtWork) => Promise<void>, lack?: string) => void {
  return (name, body, lack) =>
    itUnless(framework, lack, name, async () => {
      const rig = await factory()
      try {
        const { target } = await rig.vcs.observe({ landed: [], signal })
        await body(atWork(rig, target))
      } finally {
        await disposeOf(rig)
      }
    })
}

function atWork(rig: VcsRig, base: Oid): VcsAtWork {
  const made = async (name = 'task', vcs = rig.vcs) => {
    const result = await vcs.createWorkspace({ name, branch: `orch/${name}`, from: base, signal })
    if (!result.ok) throw new Error(`no workspace: ${result.reason}, ${result.detail}`)
    const { found: _found, ...workspace } = result.value
    return workspace
  }
  const sealed = async (name = 'task') => {
    const result = await rig.vcs.seal({
      workspace: name,
      branch: `orch/${name}`,
      from: base,
      before: null,
      include: ['**'],
      message: `Do ${name}`,
      signal,
    })
    if (!result.ok) throw new Error(`not sealed: ${result.reason}, ${result.detail}`)
    return result.value.head
  }
  const candidate: VcsAtWork['candidate'] = (on, head, method = 'merge', { union = [], regenerate = [] } = {}) =>
    rig.vcs.buildCandidate({ base: on, head, from: base, method, union, regenerate, message: 'Land it', signal })
  return Object.assign(Object.create(rig), {
    base,
    make: made,
    sealed,
    async done(edits, name = 'task') {
      await made(name)
      await rig.edit(name, edits)
      return sealed(name)
    },
    candidate,
    async built(...asked) {
      const result = await candidate(...asked)
      if (!result.ok) throw new Error(`no candidate: ${result.reason}, ${result.detail}`)
      return result.value.commit
    },
    async target() {
      return (await rig.vcs.observe({ landed: [], signal })).target
    },
    async landedBy(head, commit) {
      const { landed } = await rig.vcs.observe({ landed: [{ task: 'task', head, base, commit }], signal })
      return landed.get('task')?.by ?? null
    },
    async pinned() {
      return [...(await rig.pins()).values()]
    },
  } satisfies Omit<VcsAtWork, keyof VcsRig>)
}
