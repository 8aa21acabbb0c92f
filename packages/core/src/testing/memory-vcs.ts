import { OrchError } from '../model/error.ts'
import { failed, ok, type Result } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import { covers } from '../plan/scope.ts'
import type { Leftover, Vcs, Workspace } from '../ports/vcs.ts'
import { differing, edited, type Files, type MemoryCommits, memoryCommits } from './memory-commits.ts'
import { hasLanded, memoryCandidate } from './memory-landing.ts'

export interface MemoryVcsOptions {
  /** Default `main`. */
  readonly target?: string
  /** What the first commit holds. Default one `README.md`. */
  readonly files?: Files
}

/** A path's new content; null takes the file away. */
export type Edits = Readonly<Record<string, string | null>>

/** A repository in memory, with every verb, and what agents and users do to it from outside. */
export interface MemoryVcs extends Required<Vcs> {
  /** The same repository as another process would open it. */
  alongside(): MemoryVcs
  /** As an agent: writes files of a workspace, which is told by its name or its directory. */
  edit(workspace: string, edits: Edits): void
  /** As an agent: commits all that its workspace holds. */
  commit(workspace: string, message: string): Oid
  /** As an agent: leaves the branch. */
  detach(workspace: string): void
  /** As an agent: puts something into the workspace that a commit cannot hold. */
  spoil(workspace: string, path: string): void
  /** A process that is not ours works in the workspace from now on, or no longer. */
  occupy(workspace: string, occupied: boolean): void
  /** As a crash, or a person: the files of the workspace are gone, what is known about it stays. */
  tear(workspace: string): void
  /** As the user: commits to the target, and to their checkout of it. */
  userCommit(edits: Edits, message?: string): Oid
  /** As the user: changes files of the checkout without committing them. */
  userEdit(edits: Edits): void
  /** What the user's checkout of the target holds. */
  userFiles(): Files
  /** What a commit holds, or a directory that `checkout` or `createWorkspace` named. */
  read(commitOrDirectory: string): Files
  pins(): ReadonlyMap<string, Oid>
}

interface Stored {
  readonly name: string
  readonly branch: string
  files: Files
  torn: boolean
  detached: boolean
  occupied: boolean
  spoiled: string | null
}

interface Shared {
  readonly target: string
  readonly commits: MemoryCommits
  readonly branches: Map<string, Oid>
  readonly workspaces: Map<string, Stored>
  readonly pins: Map<string, Oid>
  readonly aside: Map<string, Files>
  readonly checkouts: Map<string, Files>
  readonly listeners: Set<() => void>
  /** The user's changes that are not committed. */
  userEdits: Edits
}

const root = '/memory.worktrees'

export function memoryVcs({ target = 'main', files = { 'README.md': 'A repository in memory\n' } }: MemoryVcsOptions = {}): MemoryVcs {
  const commits = memoryCommits()
  const first = commits.add({ files, parents: [], message: 'The first commit\n' })
  return open({
    target,
    commits,
    branches: new Map([[target, first]]),
    workspaces: new Map(),
    pins: new Map(),
    aside: new Map(),
    checkouts: new Map(),
    listeners: new Set(),
    userEdits: {},
  })
}

function open(shared: Shared): MemoryVcs {
  const { commits, branches, workspaces, pins } = shared

  const targetOid = (): Oid => headOf(shared, shared.target)
  const stored = (nameOrDirectory: string): Stored => {
    const found = workspaces.get(nameOrDirectory.split('/').at(-1) ?? '')
    if (found === undefined || found.torn) throw new OrchError('bug', `there is no workspace ${nameOrDirectory}`)
    return found
  }
  const there = (name: string): Stored | null => {
    const found = workspaces.get(name)
    return found === undefined || found.torn ? null : found
  }
  const pin = (as: string, kind: 'head' | 'tree', oid: Oid): void => {
    pins.set(`refs/orch/kept/${as}/${kind}-${oid.slice(0, 16)}`, oid)
  }
  const moveBranch = (branch: string, oid: Oid): void => {
    branches.set(branch, oid)
    for (const listener of [...shared.listeners]) listener()
  }
  const preserved = (workspace: Stored, as: string): Result<{ readonly oid: Oid }, 'not-representable'> => {
    if (workspace.spoiled !== null) return failed('not-representable', `cannot be committed: ${workspace.spoiled}`)
    const head = headOf(shared, workspace.branch)
    pin(as, 'head', head)
    if (differing(workspace.files, commits.get(head).files).length === 0) return ok({ oid: head })
    const oid = commits.add({ files: workspace.files, parents: [head], message: 'What was in the working tree\n' })
    pin(as, 'tree', oid)
    return ok({ oid })
  }

  return {
    target: shared.target,
    alongside: () => open(shared),

    async observe({ landed, signal }) {
      signal.throwIfAborted()
      const now = targetOid()
      const answers = landed.map((question) => [question.task, hasLanded(commits, now, question)] as const)
      return {
        target: now,
        workspaces: new Map([...workspaces].map(([name, workspace]) => [name, describe(workspace)])),
        landed: new Map(answers.flatMap(([task, answer]) => (answer === null ? [] : [[task, answer]]))),
      }
    },

    async createWorkspace({ name, branch, from, signal }) {
      signal.throwIfAborted()
      const holder = [...workspaces.values()].find((other) => other.branch === branch && other.name !== name)
      if (branch === shared.target || holder !== undefined) {
        return failed('branch-elsewhere', `${branch} is checked out elsewhere`)
      }
      const clash = [...branches.keys()].find((other) => other.startsWith(`${branch}/`) || branch.startsWith(`${other}/`))
      if (clash !== undefined) return failed('clash', `${branch} cannot exist beside ${clash}`)
      const head = branches.get(branch) ?? from
      const { files } = commits.get(head)
      if (!branches.has(branch)) moveBranch(branch, head)
      if (there(name)?.branch !== branch) {
        workspaces.set(name, { name, branch, files, torn: false, detached: false, occupied: false, spoiled: null })
      }
      return ok(describe(stored(name)))
    },

    async seal({ workspace: name, branch, include, message, signal }) {
      signal.throwIfAborted()
      const workspace = there(name)
      if (workspace === null) return failed('gone', `the workspace ${name} is not there`)
      if (workspace.detached || workspace.branch !== branch) return failed('not-on-branch', `${name} is not on ${branch}`)
      if (workspace.spoiled !== null) return failed('not-representable', `cannot be committed: ${workspace.spoiled}`)
      const head = headOf(shared, branch)
      const before = commits.get(head).files
      const changed = differing(before, workspace.files)
      const left = changed.filter((path) => !(path in before) && !covers(include, path))
      const files = edited(workspace.files, Object.fromEntries(left.map((path) => [path, null])))
      const isNew = differing(before, files).length > 0
      const sealed = isNew ? commits.add({ files, parents: [head], message }) : head
      if (isNew) moveBranch(branch, sealed)
      pin(name, 'head', sealed)
      return ok({ head: sealed, left })
    },

    async preserve({ workspace: name, as, signal }) {
      signal.throwIfAborted()
      const workspace = there(name)
      return workspace === null ? failed('gone', `the workspace ${name} is not there`) : preserved(workspace, as)
    },

    async retire({ workspace: name, branch, signal }) {
      signal.throwIfAborted()
      const workspace = workspaces.get(name)
      if (workspace?.occupied) return failed('in-use', `a process works in ${name}`)
      let moved: string | null = null
      if (workspace !== undefined && !workspace.torn && !preserved(workspace, name).ok) {
        moved = `${root}/.aside/${name}`
        shared.aside.set(moved, workspace.files)
      }
      const head = branches.get(branch)
      if (head !== undefined) pin(name, 'head', head)
      workspaces.delete(name)
      branches.delete(branch)
      return ok({ moved })
    },

    async buildCandidate(options) {
      options.signal.throwIfAborted()
      return memoryCandidate(commits, options)
    },

    async checkout({ commit, signal }) {
      signal.throwIfAborted()
      const { tree, files } = commits.get(commit)
      const directory = `${root}/.checks/${tree}`
      shared.checkouts.set(directory, files)
      return { directory }
    },

    async land({ expect, commit, signal }) {
      signal.throwIfAborted()
      const now = targetOid()
      if (now === commit) return ok()
      if (now !== expect) return failed('moved', `${shared.target} is at ${now} by now`)
      const [before, after] = [commits.get(expect).files, commits.get(commit).files]
      const held = differing(before, after).filter((path) => path in shared.userEdits)
      if (held.length > 0) return failed('held-by-user', `you changed ${held.join(', ')}: commit it or put it away`)
      moveBranch(shared.target, commit)
      return ok()
    },

    async changes({ workspace: name, base, signal }) {
      signal.throwIfAborted()
      const files = there(name)?.files
      if (files === undefined) return { files: 0, insertions: 0, deletions: 0 }
      const before = commits.get(base).files
      const paths = differing(before, files)
      const count = (from: Files) => paths.reduce((sum, path) => sum + lines(from[path]), 0)
      return { files: paths.length, insertions: count(files), deletions: count(before) }
    },

    async prune({ keep, drop, signal }) {
      signal.throwIfAborted()
      const isKept = (name: string | undefined) => name !== undefined && keep.includes(name)
      const held = new Set([...workspaces.values()].map(({ branch }) => branch))
      const found: Leftover[] = [
        ...[...pins].filter(([ref]) => !isKept(ref.split('/')[3])).map(([name, oid]) => ({ what: 'pin' as const, name, oid })),
        ...[...workspaces.keys()].filter((name) => !isKept(name)).map((name) => ({ what: 'workspace' as const, name: `${root}/${name}`, oid: null })),
        ...[...branches]
          .filter(([branch]) => branch !== shared.target && !held.has(branch) && !isKept(branch.split('/').at(-1)))
          .map(([branch, oid]) => ({ what: 'branch' as const, name: `refs/heads/${branch}`, oid })),
        ...[...shared.aside.keys()].filter((path) => !isKept(path.split('/').at(-1))).map((name) => ({ what: 'moved-aside' as const, name, oid: null })),
      ]
      if (!drop) return found
      // What retiring a workspace pins anew is not dropped, unless it was listed.
      for (const { what, name } of [...found].sort((a, b) => Number(a.what === 'pin') - Number(b.what === 'pin'))) {
        if (what === 'workspace') {
          const workspace = workspaces.get(name.slice(root.length + 1))
          if (workspace === undefined) continue
          if (!workspace.torn) preserved(workspace, workspace.name)
          workspaces.delete(workspace.name)
          branches.delete(workspace.branch)
        }
        if (what === 'branch') branches.delete(name.slice('refs/heads/'.length))
        if (what === 'moved-aside') shared.aside.delete(name)
        if (what === 'pin') pins.delete(name)
      }
      return found
    },

    watch({ onChange, signal }) {
      if (signal.aborted) return
      shared.listeners.add(onChange)
      signal.addEventListener('abort', () => shared.listeners.delete(onChange), { once: true })
    },

    edit(workspace, edits) {
      const found = stored(workspace)
      found.files = edited(found.files, edits)
    },
    commit(workspace, message) {
      const { branch, files } = stored(workspace)
      const oid = commits.add({ files, parents: [headOf(shared, branch)], message })
      moveBranch(branch, oid)
      return oid
    },
    detach(workspace) {
      stored(workspace).detached = true
    },
    spoil(workspace, path) {
      stored(workspace).spoiled = path
    },
    occupy(workspace, occupied) {
      stored(workspace).occupied = occupied
    },
    tear(workspace) {
      stored(workspace).torn = true
    },
    userCommit(edits, message = 'By the user\n') {
      const now = targetOid()
      const oid = commits.add({ files: edited(commits.get(now).files, edits), parents: [now], message })
      moveBranch(shared.target, oid)
      return oid
    },
    userEdit(edits) {
      const { files } = commits.get(targetOid())
      const all = Object.entries({ ...shared.userEdits, ...edits })
      // A file that is as it was committed is clean again.
      shared.userEdits = Object.fromEntries(all.filter(([path, text]) => text !== (files[path] ?? null)))
    },
    userFiles: () => edited(commits.get(targetOid()).files, shared.userEdits),
    read(commitOrDirectory) {
      if (commits.has(commitOrDirectory)) return commits.get(commitOrDirectory).files
      return shared.checkouts.get(commitOrDirectory) ?? shared.aside.get(commitOrDirectory) ?? stored(commitOrDirectory).files
    },
    pins: () => new Map(pins),
  }
}

function headOf(shared: Shared, branch: string): Oid {
  const oid = shared.branches.get(branch)
  if (oid === undefined) throw new OrchError('no-target', `there is no branch ${branch}`, { port: 'vcs' })
  return oid
}

function describe({ name, branch, torn }: Stored): Workspace {
  return { name, directory: `${root}/${name}`, branch, state: torn ? 'torn' : 'ready' }
}

function lines(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
