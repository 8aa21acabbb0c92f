import { failed, ok } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import type { KeptWork } from '../ports/kept-work.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { MemoryCommits } from './memory-commits.ts'
import { differing, type Files } from './memory-files.ts'
import { leftAt, type MemoryRepository, moveBranch } from './memory-repository.ts'

/** What a repository in memory tells of the work that it keeps, and how it is had back. */
export function memoryKept(shared: MemoryRepository): Pick<Required<Vcs>, 'kept' | 'keptChanges' | 'restore'> {
  const { commits, pins, aside, branches, checkouts } = shared
  return {
    async kept({ signal }) {
      signal.throwIfAborted()
      const folders = [...aside.keys()].map((directory): KeptWork => {
        const name = directory.split('/').at(-1) ?? ''
        return { workspace: name, name, kind: 'folder', oid: null, directory, at: null, subject: '', files: null }
      })
      return [...[...pins].map(([ref, oid]) => pinned(commits, ref, oid)), ...folders]
    },

    async keptChanges({ oid, from, target, patch, signal }) {
      signal.throwIfAborted()
      if (!commits.has(oid)) return failed('gone')
      const start = startOf(shared, { head: oid, from, target })
      const [before, after] = [start === null ? {} : commits.get(start).files, commits.get(oid).files]
      const paths = differing(before, after)
      return ok({
        from: start ?? '',
        files: paths.map((path) => ({ path, insertions: lines(after[path]), deletions: lines(before[path]) })),
        count: paths.length,
        patch: patch ? paths.map((path) => difference(path, before, after)).join('') : null,
        isCut: false,
      })
    },

    async restore({ oid, to, signal }) {
      signal.throwIfAborted()
      if (!commits.has(oid)) return failed('gone')
      if ('directory' in to) {
        if (checkouts.has(to.directory)) return failed('in-the-way', `${to.directory} is there already`)
        checkouts.set(to.directory, commits.get(oid).files)
        return ok()
      }
      if (branches.has(to.branch)) return failed('in-the-way', `the branch ${to.branch} is there already`)
      const clash = [...branches.keys()].find(
        (other) => other.startsWith(`${to.branch}/`) || to.branch.startsWith(`${other}/`),
      )
      if (clash !== undefined) return failed('clash', `${to.branch} cannot exist beside ${clash}`)
      moveBranch(shared, to.branch, oid)
      return ok()
    },
  }
}

function pinned(commits: MemoryCommits, ref: string, oid: Oid): KeptWork {
  const [workspace = '', name = ''] = ref.split('/').slice(3)
  const { message, parents, files } = commits.get(oid)
  const [parent] = parents
  const isTree = name.startsWith('tree-')
  const paths = isTree && parent !== undefined ? differing(commits.get(parent).files, files) : null
  return {
    workspace,
    name,
    kind: isTree ? 'files' : 'commits',
    oid,
    directory: null,
    at: null,
    subject: message.split('\n')[0] ?? '',
    files: paths && { count: paths.length, first: paths.slice(0, 20) },
  }
}

function startOf(repository: MemoryRepository, { head, from, target = repository.target }: Asked): Oid | null {
  const { commits, branches } = repository
  if (from !== null && from !== head && commits.ancestors(head).has(from)) {
    const left = leftAt(repository, { target, from, head })
    return left === head ? from : left
  }
  const there = branches.get(target)
  const base = there === undefined ? undefined : commits.mergeBase(there, head)
  return base !== undefined && base !== head ? base : (commits.get(head).parents[0] ?? null)
}

interface Asked {
  readonly head: Oid
  readonly from: Oid | null
  readonly target: string | undefined
}

function lines(text: string | undefined): number {
  return text?.split('\n').filter((line) => line !== '').length ?? 0
}

function difference(path: string, before: Files, after: Files): string {
  const side = (mark: string, text: string | undefined) =>
    (text ?? '').replace(/\n$/, '').replaceAll(/^/gm, mark).concat('\n')
  return `--- ${path}\n${side('-', before[path])}${side('+', after[path])}`
}
