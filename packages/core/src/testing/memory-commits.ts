import { OrchError } from '../model/error.ts'
import type { Oid } from '../model/run-state.ts'
import { digest } from '../model/slug.ts'
import { type Files, type Hot, type Merged, mergeFiles, noFiles, treeOf } from './memory-files.ts'

export interface MemoryCommit {
  readonly files: Files
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly message: string
  /** Greater than those of all that it came from. */
  readonly number: number
}

/** What git would keep in its object store. The same commit has the same id. */
export interface MemoryCommits {
  add(commit: { readonly files: Files; readonly parents: readonly Oid[]; readonly message: string }): Oid
  /** Throws `port-failed` for an unknown commit. */
  get(oid: Oid): MemoryCommit
  has(oid: Oid): boolean
  /** The commit and all that it came from. */
  ancestors(oid: Oid): ReadonlySet<Oid>
  /** Whether `of` is the commit or came from it. */
  isAncestor(oid: Oid, of: Oid): boolean
  /** `oid` and its first parents, newest first, down to the root or to `until`, which is not part of it. */
  firstParents(oid: Oid, until: Oid): readonly Oid[]
  /** What both made of the nearest commit that they came from. */
  merge(ours: Oid, theirs: Oid, hot?: Hot): Merged
  /** The newest commit that both came from. */
  mergeBase(ours: Oid, theirs: Oid): Oid | undefined
}

export function memoryCommits(): MemoryCommits {
  const commits = new Map<Oid, MemoryCommit>()
  /** The numbers of the parents, by number: a look back goes from one number to the next lower one. */
  const parentsOf: (readonly number[])[] = []
  const oids: Oid[] = []

  function get(oid: Oid): MemoryCommit {
    const found = commits.get(oid)
    if (found === undefined)
      throw new OrchError('port-failed', `the commit ${oid} is not in the repository`, { port: 'vcs' })
    return found
  }

  function ancestors(oid: Oid): ReadonlySet<Oid> {
    const seen = new Set<Oid>([oid])
    // A set that grows is walked to its new end: parents come after their children.
    for (const at of seen) for (const parent of get(at).parents) seen.add(parent)
    return seen
  }

  function isAncestor(oid: Oid, of: Oid): boolean {
    const { number: from } = get(of)
    const to = commits.get(oid)?.number ?? from + 1
    if (to >= from) return to === from
    const isPast = new Uint8Array(from + 1)
    isPast[from] = 1
    for (let at = from; at > to; at--)
      if (isPast[at] === 1) for (const parent of parentsOf[at] ?? []) isPast[parent] = 1
    return isPast[to] === 1
  }

  function mergeBase(ours: Oid, theirs: Oid): Oid | undefined {
    const [one, other] = [get(ours).number, get(theirs).number]
    const from = Math.max(one, other)
    const sides = new Uint8Array(from + 1)
    sides[one] = 1
    sides[other] = (sides[other] ?? 0) | 2
    for (let at = from; at >= 0; at--) {
      const side = sides[at] ?? 0
      if (side === 3) return oids[at]
      if (side !== 0) for (const parent of parentsOf[at] ?? []) sides[parent] = (sides[parent] ?? 0) | side
    }
    return undefined
  }

  return {
    get,
    ancestors,
    isAncestor,
    mergeBase,
    has: (oid) => commits.has(oid),
    add({ files, parents, message }) {
      const tree = treeOf(files)
      const oid = digest(JSON.stringify([tree, parents, message])).slice(0, 40)
      if (commits.has(oid)) return oid
      const number = oids.push(oid) - 1
      parentsOf.push(parents.map((parent) => get(parent).number))
      commits.set(oid, Object.freeze({ files, tree, parents, message, number }))
      return oid
    },
    firstParents(oid, until) {
      const line: Oid[] = []
      for (let at: Oid | undefined = oid; at !== undefined && at !== until; at = get(at).parents[0]) line.push(at)
      return line
    },
    merge(ours, theirs, hot) {
      const base = mergeBase(ours, theirs)
      return mergeFiles(base === undefined ? noFiles : get(base).files, get(ours).files, get(theirs).files, hot)
    },
  }
}
