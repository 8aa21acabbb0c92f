import { failed, ok } from '../model/result.ts'
import { covers } from '../plan/scope.ts'
import type { Vcs } from '../ports/vcs.ts'
import { differing, edited, type Files, noFiles } from './memory-files.ts'
import {
  clashOf,
  describeWorkspace,
  freeAside,
  headOf,
  keepWork,
  leftAt,
  type MemoryRepository,
  moveBranch,
  ownPaths,
  pin,
  workspaceIn,
} from './memory-repository.ts'

type Verbs = Required<
  Pick<Vcs, 'createWorkspace' | 'seal' | 'preserve' | 'since' | 'retire' | 'snapshots' | 'changes' | 'changedFiles'>
>

/** What is done with workspaces of a repository in memory, and what they hold. */
export function memoryWorkspaces(shared: MemoryRepository): Verbs {
  const { commits, branches, workspaces } = shared
  const touches = (oid: string, paths: readonly string[] | undefined): boolean => {
    if (paths === undefined) return true
    const [parent] = commits.get(oid).parents
    const before = parent === undefined ? noFiles : commits.get(parent).files
    const changed = differing(before, commits.get(oid).files)
    return changed.some((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)))
  }
  return {
    async createWorkspace({ name, branch, from, continues = false, signal }) {
      signal.throwIfAborted()
      const holder = [...workspaces.values()].find((other) => other.branch === branch && other.name !== name)
      if (branch === shared.target || holder !== undefined) {
        return failed('branch-elsewhere', `${branch} is checked out elsewhere`)
      }
      const clash = clashOf(shared, branch)
      if (clash !== undefined) return failed('clash', `${branch} cannot exist beside ${clash}`)
      const found = branches.has(branch)
      const head = branches.get(branch) ?? from
      const { files } = commits.get(head)
      const present = workspaceIn(shared, name)
      if (present?.branch === branch) {
        if (!found) moveBranch(shared, branch, head)
        return ok({ ...describeWorkspace(present), found: true })
      }
      if (present !== null) {
        const isThere = !present.detached && headOf(shared, present.branch) === head
        if (!continues || !isThere) return failed('other-branch', `the workspace ${name} is on ${present.branch}`)
        moveBranch(shared, branch, head)
        present.branch = branch
        return ok({ ...describeWorkspace(present), found })
      }
      if (!found) moveBranch(shared, branch, head)
      const made = { name, branch, files, torn: false, detached: false, occupied: false, spoiled: null }
      workspaces.set(name, made)
      return ok({ ...describeWorkspace(made), found })
    },

    async seal({ workspace: name, branch, from, before: earlier, include, guard = [], target, message, signal }) {
      signal.throwIfAborted()
      const workspace = workspaceIn(shared, name)
      if (workspace === null) return failed('gone', `the workspace ${name} is not there`)
      if (workspace.detached || workspace.branch !== branch)
        return failed('not-on-branch', `${name} is not on ${branch}`)
      if (workspace.spoiled !== null) return failed('not-representable', `cannot be committed: ${workspace.spoiled}`)
      const head = headOf(shared, branch)
      const before = commits.get(head).files
      const changed = differing(before, workspace.files)
      const left = changed.filter((path) => !(path in before) && !covers(include, path))
      const files = edited(workspace.files, Object.fromEntries(left.map((path) => [path, null])))
      const isNew = differing(before, files).length > 0
      const sealed = isNew ? commits.add({ files, parents: [head], message }) : head
      if (isNew) moveBranch(shared, branch, sealed)
      pin(shared, name, 'head', sealed)
      const differs = commits.get(sealed).tree !== commits.get(from).tree
      const own = ownPaths(shared, { target, from, head: sealed, files: commits.get(sealed).files })
      const since = earlier === null ? null : differing(commits.get(earlier).files, commits.get(sealed).files)
      return ok({
        head: sealed,
        left,
        changed: differs,
        outside: own.filter((path) => !covers(include, path)),
        guarded: own.filter((path) => covers(guard, path)),
        changedSince: since?.some((path) => covers(include, path)) ?? true,
      })
    },

    async preserve({ workspace: name, as, signal }) {
      signal.throwIfAborted()
      const workspace = workspaceIn(shared, name)
      return workspace === null ? failed('gone', `the workspace ${name} is not there`) : keepWork(shared, workspace, as)
    },

    async since({ before, after, paths, signal }) {
      signal.throwIfAborted()
      const wanted = [before.head, before.oid, after.head, after.oid]
      if (!wanted.every((oid) => commits.has(oid))) return failed('gone')
      const known = commits.ancestors(before.head)
      const own = commits.firstParents(after.head, '').filter((oid) => !known.has(oid) && touches(oid, paths))
      const subjectOf = (oid: string) => commits.get(oid).message.split('\n')[0] ?? ''
      return ok({
        commits: own.slice(0, 50).map((oid) => ({ oid, subject: subjectOf(oid) })),
        files: differing(commits.get(before.oid).files, commits.get(after.oid).files),
      })
    },

    async retire({ workspace: name, branch, signal }) {
      signal.throwIfAborted()
      const on = [...workspaces.values()].filter((workspace) => workspace.branch === branch)
      const occupied = on.find((workspace) => workspace.occupied)
      if (occupied !== undefined) return failed('in-use', `a process works in ${occupied.name}`)
      let moved: string | null = null
      for (const workspace of on) {
        if (workspace.torn || keepWork(shared, workspace, workspace.name).ok) continue
        moved = freeAside(shared, workspace.name)
        shared.aside.set(moved, workspace.files)
      }
      const head = branches.get(branch)
      if (head !== undefined) pin(shared, name, 'head', head)
      for (const workspace of on) workspaces.delete(workspace.name)
      branches.delete(branch)
      return ok({ moved })
    },

    async snapshots({ workspaces: asked, signal }) {
      signal.throwIfAborted()
      return asked.map(({ workspace: name, include }) => {
        const workspace = workspaceIn(shared, name)
        if (workspace === null) return null
        const head = headOf(shared, workspace.branch)
        const before = commits.get(head).files
        const isIn = (path: string) => path in before || covers(include, path)
        const left = differing(before, workspace.files).filter((path) => !isIn(path))
        const files = edited(workspace.files, Object.fromEntries(left.map((path) => [path, null])))
        if (differing(before, files).length === 0) return head
        return commits.add({ files, parents: [head], message: 'What a workspace holds\n' })
      })
    },

    async changes({ workspace: name, base, target, include, signal }) {
      signal.throwIfAborted()
      const workspace = workspaceIn(shared, name)
      if (workspace === null) return { files: 0, insertions: 0, deletions: 0, outside: [] }
      const { files, branch } = workspace
      const own = { target, from: base, head: headOf(shared, branch) }
      const before = commits.get(leftAt(shared, own)).files
      const paths = ownPaths(shared, { ...own, files })
      const count = (from: Files) => paths.reduce((sum, path) => sum + lines(from[path]), 0)
      const outside = include === undefined ? [] : paths.filter((path) => !covers(include, path))
      return { files: paths.length, insertions: count(files), deletions: count(before), outside }
    },

    async changedFiles({ pairs, signal }) {
      signal.throwIfAborted()
      const filesOf = (oid: string) => (commits.has(oid) ? commits.get(oid).files : null)
      return pairs.map(({ from, to }) => {
        const [before, after] = [filesOf(from), filesOf(to)]
        return before === null || after === null ? null : differing(before, after)
      })
    },
  }
}

function lines(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
