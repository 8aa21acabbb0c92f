import type { ConflictFile, ConflictSides } from '../model/conflict.ts'
import type { Oid } from '../model/run-state.ts'
import { digest } from '../model/slug.ts'
import type { Glob } from '../model/task.ts'
import { covers } from '../plan/scope.ts'

/** Contents by path, frozen: what is edited is another one. */
export type Files = Readonly<Record<string, string>>

/** A path's new content; null takes the file away. */
export type Edits = Readonly<Record<string, string | null>>

/** `instead`: what would be a conflict if files that it is about were not made of others. */
export type Merged = { readonly files: Files; readonly instead?: MemoryConflict } | MemoryConflict

/** Files of which a conflict is none: they get the lines of both, or stay as they are in the first one. */
export interface Hot {
  readonly union?: readonly Glob[] | undefined
  readonly regenerate?: readonly Glob[] | undefined
}

export interface MemoryConflict {
  readonly conflicts: readonly ConflictFile[]
  readonly sides: readonly ConflictSides[]
}

/** What is known of files as long as somebody has them, so that a change of one file costs no look at all others. */
interface Known {
  /** The sum of all entries, which an edit moves by what it changes. */
  readonly sum: bigint
  /** What they were edited from, and the paths at which they may differ from that. */
  readonly from: Files | null
  readonly paths: readonly string[]
}

const known = new WeakMap<Files, Known>()

export const noFiles: Files = Object.freeze({})

/** The files with some of them written anew. */
export function edited(files: Files, edits: Edits): Files {
  const paths = Object.keys(edits)
  if (paths.length === 0) return files
  const next: Record<string, string> = { ...files }
  let { sum } = knownOf(files)
  for (const path of paths) {
    const before = files[path]
    const after = edits[path] ?? undefined
    if (before === after) continue
    if (before !== undefined) sum -= entry(path, before)
    if (after === undefined) delete next[path]
    else {
      next[path] = after
      sum += entry(path, after)
    }
  }
  known.set(Object.freeze(next), { sum, from: files, paths })
  return next
}

/** The same files have the same. */
export function treeOf(files: Files): Oid {
  return BigInt.asUintN(160, knownOf(files).sum).toString(16).padStart(40, '0')
}

/** Paths whose contents differ. */
export function differing(a: Files, b: Files): readonly string[] {
  return pathsOf(a, b)
    .filter((path) => a[path] !== b[path])
    .sort()
}

/** Both changes together, file by file; `conflicts` are files that both changed in different ways. */
export function mergeFiles(base: Files, ours: Files, theirs: Files, { union = [], regenerate = [] }: Hot = {}): Merged {
  const edits: Record<string, string | null> = {}
  const conflicts: ConflictFile[] = []
  const sides: ConflictSides[] = []
  for (const path of differing(base, theirs)) {
    const [from, mine, other] = [base[path], ours[path], theirs[path]]
    if (mine === from) edits[path] = other ?? null
    else if (mine === other) continue
    else if (mine !== undefined && other !== undefined && covers(union, path))
      edits[path] = unionOf(from ?? '', mine, other)
    else {
      conflicts.push({ path, kind: kindOf(from, mine, other), lines: [] })
      sides.push({ path, ours: whole(mine), theirs: whole(other) })
    }
  }
  if (conflicts.length === 0) return { files: edited(ours, edits) }
  const isMade = ({ path, kind }: ConflictFile) => kind !== 'modify-delete' && covers(regenerate, path)
  const others = conflicts.filter((file) => !isMade(file))
  if (others.length === 0) return { files: edited(ours, edits), instead: { conflicts, sides } }
  const named = new Set(others.map(({ path }) => path))
  return { conflicts: others, sides: sides.filter(({ path }) => named.has(path)) }
}

function whole(text: string | undefined): string | null {
  return text?.replace(/\n$/, '') ?? null
}

/** What one has taken away and the other changed beside stays. */
function unionOf(base: string, ours: string, theirs: string): string {
  const there = new Set([...linesOf(base), ...linesOf(ours)])
  return [...linesOf(ours), ...linesOf(theirs).filter((line) => !there.has(line))].map((line) => `${line}\n`).join('')
}

function linesOf(content: string): readonly string[] {
  return content === '' ? [] : content.replace(/\n$/, '').split('\n')
}

function kindOf(from: string | undefined, mine: string | undefined, other: string | undefined): ConflictFile['kind'] {
  if (mine === undefined || other === undefined) return 'modify-delete'
  return from === undefined ? 'both-added' : 'content'
}

/** Whether there is nothing in the change from `base` to `theirs` that `ours` does not have. */
export function holds(ours: Files, base: Files, theirs: Files): boolean {
  return pathsOf(base, theirs).every((path) => base[path] === theirs[path] || ours[path] === theirs[path])
}

/** Where the two may differ. */
function pathsOf(a: Files, b: Files): readonly string[] {
  const [one, other] = [known.get(a), known.get(b)]
  if (other?.from === a) return other.paths
  if (one?.from === b) return one.paths
  return a === b ? [] : [...new Set([...Object.keys(a), ...Object.keys(b)])]
}

function knownOf(files: Files): Known {
  const found = known.get(files)
  if (found !== undefined) return found
  const sum = Object.entries(files).reduce((all, [path, content]) => all + entry(path, content), 0n)
  return { sum, from: null, paths: [] }
}

function entry(path: string, content: string): bigint {
  return BigInt(`0x${digest(JSON.stringify([path, content])).slice(0, 40)}`)
}
