import { conflictText } from '../model/conflict.ts'
import { failed, ok } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import type { VcsWorld } from '../model/vcs-world.ts'
import type { LandedQuestion, Vcs } from '../ports/vcs.ts'
import type { MemoryCommits } from './memory-commits.ts'
import { differing, type Files, holds, type MemoryConflict, mergeFiles, noFiles, treeOf } from './memory-files.ts'

type CandidateOptions = Parameters<Vcs['buildCandidate']>[0]
type Candidate = Awaited<ReturnType<Vcs['buildCandidate']>>
type Landed = VcsWorld['landed'] extends ReadonlyMap<string, infer Answer> ? Answer : never

export function memoryCandidate(commits: MemoryCommits, options: CandidateOptions): Candidate {
  const { base, head, from, method, message, union } = options
  const line = commits.firstParents(head, from)
  const isStraight = line.every((oid) => commits.get(oid).parents.length === 1)
  if (method === 'rebase' && isStraight) return replay(commits, options, [...line].reverse())
  // What it started on is not part of the target: only what came since is to land.
  const apart = isStraight && !commits.isAncestor(from, base)
  const files = (oid: Oid): Files => commits.get(oid).files
  const merged = apart ? mergeFiles(files(from), files(base), files(head), union) : commits.merge(base, head, union)
  if ('conflicts' in merged) return conflict(merged)
  if (treeOf(merged.files) === commits.get(base).tree) return failed('empty', 'the target already has what it changes')
  const parents = method === 'merge' && !apart ? [base, head] : [base]
  return built(commits, commits.add({ files: merged.files, parents, message }))
}

function replay(commits: MemoryCommits, { base, union }: CandidateOptions, line: readonly Oid[]): Candidate {
  let at = base
  for (const oid of line) {
    const { files, parents, message } = commits.get(oid)
    const [parent] = parents
    if (parent === at) {
      at = oid
      continue
    }
    const before = parent === undefined ? noFiles : commits.get(parent).files
    const picked = mergeFiles(before, commits.get(at).files, files, union)
    if ('conflicts' in picked) return conflict(picked)
    if (differing(picked.files, commits.get(at).files).length === 0) continue
    at = commits.add({ files: picked.files, parents: [at], message })
  }
  if (commits.get(at).tree === commits.get(base).tree) return failed('empty', 'the target already has what it changes')
  return built(commits, at)
}

function conflict({ conflicts: files, sides }: MemoryConflict): Candidate {
  return { ...failed('conflict', conflictText(files)), files, sides }
}

function built(commits: MemoryCommits, commit: Oid): Candidate {
  return ok({ commit, tree: commits.get(commit).tree })
}

/** Whether changes are on the target, and by whom: the recorded commit first, then the same content. */
export function landedOn(commits: MemoryCommits, target: Oid): (question: LandedQuestion) => Landed | null {
  const { files } = commits.get(target)
  const line = new Map<Oid, Oid[]>()
  for (const oid of commits.firstParents(target, '')) {
    const { tree } = commits.get(oid)
    const alike = line.get(tree)
    if (alike === undefined) line.set(tree, [oid])
    else alike.push(oid)
  }
  return ({ head, base, commit }) => {
    if (commit !== null && commits.isAncestor(commit, target)) return { commit, by: 'us' }
    if (target === base || !commits.has(head)) return null
    const change = commits.get(head)
    if (commits.has(base) && commits.get(base).tree === change.tree) return null
    const isAfter = (oid: Oid): boolean => oid !== base && commits.isAncestor(base, oid)
    const same = line.get(change.tree)?.find(isAfter)
    if (same !== undefined) return { commit: same, by: 'other' }
    if (commits.isAncestor(head, target)) return { commit: target, by: 'other' }
    const met = isAfter(target) ? commits.mergeBase(target, head) : base
    const before = met === undefined ? noFiles : commits.get(met).files
    return holds(files, before, change.files) ? { commit: target, by: 'other' } : null
  }
}
