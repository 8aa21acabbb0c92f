import { OrchError, type Vcs, type VcsWorld, type Workspace } from '@orch/core'
import { showTarget } from './clones.ts'
import { type GitContext, landingOn } from './context.ts'
import { type Landed, landedOracle } from './landed.ts'
import type { NamedRef, WorkspaceName } from './names.ts'
import { stashKeeper } from './stashes.ts'
import { headsOf } from './targets.ts'
import { branchOfEntry, entrySignature, isReady, readEntry } from './worktrees.ts'

export type Observe = (options: Parameters<Vcs['observe']>[0]) => Promise<VcsWorld>

/** Refs and entries are read from their files; git is asked only whether a change has landed, once per value of the target. */
export function observer(context: GitContext): Observe {
  const landedOn = oracles(context)
  const workspacesNow = workspacesOf(context)
  const showIn = targetShower(context)
  const keepStashes = stashKeeper(context)
  return async ({ landed: questions, targets: named = [], signal }) => {
    signal.throwIfAborted()
    const target = await targetOf(context)
    const targets = await headsOf(context, named)
    const workspaces = workspacesNow()
    await showIn(workspaces.keys(), new Map([...targets, [context.target.name, target]]))
    await keepStashes()
    const landed = new Map<string, Landed>()
    for (const question of questions) {
      const head = question.target === undefined ? target : targets.get(question.target)
      const answer = head === undefined ? null : await landedOn(question.target)(head, question, signal)
      if (answer !== null) landed.set(question.task, answer)
    }
    return { target, targets, workspaces, landed }
  }
}

/** One for each branch that changes land on: each looks at its own past. */
function oracles(context: GitContext): (target: string | undefined) => ReturnType<typeof landedOracle> {
  const known = new Map<string | undefined, ReturnType<typeof landedOracle>>()
  return (target) => {
    const oracle = known.get(target) ?? landedOracle(context)
    known.set(target, oracle)
    return oracle
  }
}

/** Once per clone and value of the targets. */
function targetShower(
  context: GitContext,
): (names: Iterable<string>, targets: ReadonlyMap<string, string>) => Promise<void> {
  let before = new Map<string, string>()
  return async (names, targets) => {
    const now = new Map<string, string>()
    const values = JSON.stringify([...targets])
    for (const name of names) {
      const place = context.worktrees.place(name)
      if (before.get(name) !== values)
        for (const [target, head] of targets) await showTarget(landingOn(context, target), place, head)
      now.set(name, values)
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
