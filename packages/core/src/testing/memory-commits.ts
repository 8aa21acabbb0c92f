import { OrchError } from '../model/error.ts'
import type { Oid } from '../model/run-state.ts'
import { digest } from '../model/slug.ts'
import { type Files, type Hot, type Merged, mergeFiles, noFiles, treeOf } from './memory-files.ts'

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
  merge(ours: Oid, theirs: Oid, hot?: Hot): Merged
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

  /** The same as `ancestors` in no order, for questions that are mostly about the target, and then about what it has moved on to. */
  let asked = { of: '', all: new Set<Oid>() }
  function past(of: Oid): ReadonlySet<Oid> {
    if (asked.of === of) return asked.all
    const rest = [of]
    const all = new Set(get(of).parents.includes(asked.of) ? asked.all : [])
    for (const at of rest) {
      if (all.has(at)) continue
      all.add(at)
      rest.push(...get(at).parents)
    }
    asked = { of, all }
    return all
  }

  /** The newest commit that both came from: the youngest generation is looked at first. */
  function mergeBase(ours: Oid, theirs: Oid): Oid | undefined {
    const common = past(ours)
    const queue = new Set([theirs])
    while (queue.size > 0) {
      const at = [...queue].reduce((youngest, oid) => (generation(oid) > generation(youngest) ? oid : youngest))
      if (common.has(at)) return at
      queue.delete(at)
      for (const parent of get(at).parents) queue.add(parent)
    }
    return undefined
  }

  return {
    get,
    ancestors,
    isAncestor: (oid, of) => past(of).has(oid),
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
    merge(ours, theirs, hot) {
      const base = mergeBase(ours, theirs)
      return mergeFiles(base === undefined ? noFiles : get(base).files, get(ours).files, get(theirs).files, hot)
    },
  }
}
