import { conflictText } from '../model/conflict.ts'
import { failed, ok } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import type { VcsWorld } from '../model/vcs-world.ts'
import { covers } from '../plan/scope.ts'
import type { LandedQuestion, Vcs } from '../ports/vcs.ts'
import type { MemoryCommit, MemoryCommits } from './memory-commits.ts'
import {
  differing,
  edited,
  type Files,
  holds,
  type MemoryConflict,
  mergeFiles,
  noFiles,
  treeOf,
} from './memory-files.ts'

type CandidateOptions = Parameters<Vcs['buildCandidate']>[0]
type Candidate = Awaited<ReturnType<Vcs['buildCandidate']>>
type AmendOptions = Parameters<Vcs['amendCandidate']>[0]
type Amended = Awaited<ReturnType<Vcs['amendCandidate']>>
type Landed = VcsWorld['landed'] extends ReadonlyMap<string, infer Answer> ? Answer : never

export function memoryCandidate(commits: MemoryCommits, options: CandidateOptions): Candidate {
  const { base, head, from, method, message } = options
  const line = commits.firstParents(head, from)
  const isStraight = line.every((oid) => commits.get(oid).parents.length === 1)
  if (method === 'rebase' && isStraight) return replay(commits, options, [...line].reverse())
  // What it started on is not part of the target: only what came since is to land.
  const apart = isStraight && !commits.isAncestor(from, base)
  const files = (oid: Oid): Files => commits.get(oid).files
  const merged = apart ? mergeFiles(files(from), files(base), files(head), options) : commits.merge(base, head, options)
  if ('conflicts' in merged) return conflict(merged)
  if (treeOf(merged.files) === commits.get(base).tree) return empty(merged.instead)
  const parents = method === 'merge' && !apart ? [base, head] : [base]
  return built(commits, options, commits.add({ files: merged.files, parents, message }))
}

function replay(commits: MemoryCommits, options: CandidateOptions, line: readonly Oid[]): Candidate {
  const { base } = options
  let at = base
  let instead: MemoryConflict | undefined
  for (const oid of line) {
    const { files, parents, message } = commits.get(oid)
    const [parent] = parents
    if (parent === at) {
      at = oid
      continue
    }
    const before = parent === undefined ? noFiles : commits.get(parent).files
    const picked = mergeFiles(before, commits.get(at).files, files, options)
    if ('conflicts' in picked) return conflict(picked)
    instead ??= picked.instead
    if (differing(picked.files, commits.get(at).files).length === 0) continue
    at = commits.add({ files: picked.files, parents: [at], message })
  }
  if (commits.get(at).tree === commits.get(base).tree) return empty(instead)
  return built(commits, options, at)
}

function conflict({ conflicts: files, sides }: MemoryConflict): Candidate {
  return { ...failed('conflict', conflictText(files)), files, sides }
}

/** What is in nothing but files that were left as they are on the target has not landed. */
function empty(instead: MemoryConflict | undefined): Candidate {
  return instead === undefined ? failed('empty', 'the target already has what it changes') : conflict(instead)
}

function built(
  commits: MemoryCommits,
  { from, head, base, regenerate = [] }: CandidateOptions,
  commit: Oid,
): Candidate {
  const { tree } = commits.get(commit)
  if (regenerate.length === 0) return ok({ commit, tree, touched: [] })
  const since = (to: Oid): readonly string[] => differing(commits.get(from).files, commits.get(to).files)
  const touched = [...new Set([...since(head), ...since(base)])].filter((path) => covers(regenerate, path)).sort()
  return ok({ commit, tree, touched })
}

/** @param found what is in the directory; undefined: it is not there */
export function memoryAmendment(
  commits: MemoryCommits,
  { base, commit, include }: Pick<AmendOptions, 'base' | 'commit' | 'include'>,
  found: Files | undefined,
): Amended {
  if (found === undefined || !commits.has(commit)) return failed('gone')
  const { files, parents, message } = commits.get(commit)
  const made = differing(files, found).filter((path) => covers(include, path))
  const next = edited(files, Object.fromEntries(made.map((path) => [path, found[path] ?? null])))
  if (treeOf(next) === commits.get(base).tree) return failed('empty', 'the target already has what it changes')
  const amended = made.length === 0 ? commit : commits.add({ files: next, parents, message })
  return ok({ commit: amended, tree: treeOf(next) })
}

/** Whether changes are on the target, and by whom: the recorded commit first, then the same content. */
export function landedOn(commits: MemoryCommits, target: Oid): (question: LandedQuestion) => Landed | null {
  const { files } = commits.get(target)
  /** The newest on the line of the target that holds `tree`; all of them are younger than `base`. */
  const holding = (tree: Oid, base: Oid): Oid | undefined => {
    const oldest = commits.has(base) ? commits.get(base).number : Number.POSITIVE_INFINITY
    for (let at: Oid | undefined = target; at !== undefined; ) {
      const found: MemoryCommit = commits.get(at)
      if (found.number <= oldest) return undefined
      if (found.tree === tree && commits.isAncestor(base, at)) return at
      at = found.parents[0]
    }
    return undefined
  }
  return ({ head, base, commit }) => {
    if (commit !== null && commits.isAncestor(commit, target)) return { commit, by: 'us' }
    if (target === base || !commits.has(head)) return null
    const change = commits.get(head)
    if (commits.has(base) && commits.get(base).tree === change.tree) return null
    const isAfter = (oid: Oid): boolean => oid !== base && commits.isAncestor(base, oid)
    const same = holding(change.tree, base)
    if (same !== undefined) return { commit: same, by: 'other' }
    if (commits.isAncestor(head, target)) return { commit: target, by: 'other' }
    const met = isAfter(target) ? commits.mergeBase(target, head) : base
    const before = met === undefined ? noFiles : commits.get(met).files
    return holds(files, before, change.files) ? { commit: target, by: 'other' } : null
  }
}
