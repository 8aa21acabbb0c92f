import { OrchError } from '../model/error.ts'
import type { Oid } from '../model/run-state.ts'
import { digest } from '../model/slug.ts'
import { type Files, type Merged, mergeFiles, noFiles, treeOf } from './memory-files.ts'

export interface MemoryCommit {
  readonly files: Files
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly message: string
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
  merge(ours: Oid, theirs: Oid): Merged
  /** The nearest commit that both came from. */
  mergeBase(ours: Oid, theirs: Oid): Oid | undefined
}

export function memoryCommits(): MemoryCommits {
  const commits = new Map<Oid, MemoryCommit>()
  /** Greater than that of every commit that it came from, so that a look back knows where to end. */
  const generations = new Map<Oid, number>()
  const generation = (oid: Oid): number => generations.get(oid) ?? 0

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
    const seen = new Set<Oid>([of])
    for (const at of seen) {
      if (at === oid) return true
      for (const parent of get(at).parents) if (generation(parent) >= generation(oid)) seen.add(parent)
    }
    return false
  }

  /** The newest commit that both came from: the youngest generation is looked at first, until all that is left is common. */
  function mergeBase(ours: Oid, theirs: Oid): Oid | undefined {
    const sides = new Map<Oid, number>([[ours, 1]])
    sides.set(theirs, (sides.get(theirs) ?? 0) | 2)
    const queue = [...sides.keys()]
    while (queue.length > 0) {
      let youngest = 0
      for (const [place, oid] of queue.entries())
        if (generation(oid) > generation(queue[youngest] ?? oid)) youngest = place
      const [at = ours] = queue.splice(youngest, 1)
      const side = sides.get(at) ?? 0
      if (side === 3) return at
      for (const parent of get(at).parents) {
        const known = sides.get(parent)
        sides.set(parent, (known ?? 0) | side)
        if (known === undefined) queue.push(parent)
      }
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
      generations.set(oid, 1 + Math.max(0, ...parents.map(generation)))
      commits.set(oid, Object.freeze({ files, tree, parents, message }))
      return oid
    },
    firstParents(oid, until) {
      const line: Oid[] = []
      for (let at: Oid | undefined = oid; at !== undefined && at !== until; at = get(at).parents[0]) line.push(at)
      return line
    },
    merge(ours, theirs) {
      const base = mergeBase(ours, theirs)
      return mergeFiles(base === undefined ? noFiles : get(base).files, get(ours).files, get(theirs).files)
    },
  }
}
