import { type LandedQuestion, OrchError, type VcsWorld, type Workspace } from '@orch/core'
import { showTarget } from './clones.ts'
import type { GitContext } from './context.ts'
import { type Landed, landedOracle } from './landed.ts'
import type { NamedRef, WorkspaceName } from './names.ts'
import { stashKeeper } from './stashes.ts'
import { branchOfEntry, entrySignature, isReady, readEntry } from './worktrees.ts'

export type Observe = (landed: readonly LandedQuestion[], signal: AbortSignal) => Promise<VcsWorld>

/** Refs and entries are read from their files; git is asked only whether a change has landed, once per value of the target. */
export function observer(context: GitContext): Observe {
  const hasLanded = landedOracle(context)
  const workspacesNow = workspacesOf(context)
  const showIn = targetShower(context)
  const keepStashes = stashKeeper(context)
  return async (questions, signal) => {
    signal.throwIfAborted()
    const target = await targetOf(context)
    const workspaces = workspacesNow()
    await showIn(workspaces.keys(), target)
    await keepStashes()
    const landed = new Map<string, Landed>()
    for (const question of questions) {
      const answer = await hasLanded(target, question, signal)
      if (answer !== null) landed.set(question.task, answer)
    }
    return { target, workspaces, landed }
  }
}

/** Once per clone and value of the target. */
function targetShower(context: GitContext): (names: Iterable<string>, target: string) => Promise<void> {
  let before = new Map<string, string>()
  return async (names, target) => {
    const now = new Map<string, string>()
    for (const name of names) {
      if (before.get(name) !== target) await showTarget(context, context.worktrees.place(name), target)
      now.set(name, target)
    }
    before = now
  }
}

/** Throws `no-target` or `empty-repository`. */
export function targetOf(context: GitContext): Promise<string> {
  return headOf(context, context.target)
}

/** The same of another branch. */
export async function headOf(context: GitContext, { name, ref }: NamedRef): Promise<string> {
  const head = await context.refs.read(ref)
  if (head !== null) return head
  if ((await context.refs.list('refs/heads/')).size === 0) {
    const hint = "make the first one: git commit --allow-empty -m 'Begin'"
    throw new OrchError('empty-repository', `${context.repository.root} has no commits yet; ${hint}`, { port: 'vcs' })
  }
  const hint = `make it with 'git branch ${name}', or set another target in the configuration`
  throw new OrchError('no-target', `there is no branch ${name}; ${hint}`, { port: 'vcs' })
}

/** Our workspaces as they are now. What is read of one is kept as long as none of its files has moved. */
function workspacesOf(context: GitContext): () => ReadonlyMap<string, Workspace> {
  let before = new Map<string, { readonly signature: string; readonly workspace: Workspace | null }>()
  return () => {
    const now: typeof before = new Map()
    for (const name of context.worktrees.entries()) {
      const signature = entrySignature(context.worktrees.place(name))
      const known = before.get(name)
      if (known?.signature === signature) now.set(name, known)
      else now.set(name, { signature, workspace: workspaceOf(context, name) })
    }
    before = now
    return new Map([...now].flatMap(([name, { workspace }]) => (workspace === null ? [] : [[name, workspace]])))
  }
}

function workspaceOf(context: GitContext, name: WorkspaceName): Workspace | null {
  if (!context.worktrees.isMine(name)) return null
  const place = context.worktrees.place(name)
  const branch = branchOfEntry(place.entry) ?? readEntry(place.entry).head?.replace(/^refs\/heads\//, '') ?? ''
  return { name, directory: place.files, branch, state: isReady(place) ? 'ready' : 'torn' }
}
