import { OrchError } from '@orch/core'
import { oidOf } from './names.ts'
import type { Commit } from './objects.ts'
import type { Repository } from './repository.ts'
import type { Throwaway } from './throwaway.ts'
import { withView } from './view.ts'

type Pair = readonly [ours: string, theirs: string]

/** Commits that are followed back from each head to where two of them began: each step may cost a process. */
const longestLine = 10
/** Fewer are merged as quickly as they are looked at. */
const fewPairs = 4
/** Changes that are kept, and paths that one of them may have. */
const mostKnown = { changes: 1000, paths: 20_000 }

/** What lies between two trees. Paths are one character per byte. */
interface Changed {
  readonly paths: ReadonlySet<string>
  /** Every folder that one of them is in. */
  readonly folders: ReadonlySet<string>
  readonly adds: boolean
  /** Something may have got another name, and a whole folder with it. */
  readonly renames: boolean
}

/**
 * Tells which pairs git would merge without a conflict because of what they change alone, and so need not be merged to know it: both come in a straight line from
 * one commit, no path is changed by both, none is a folder on the other side, and where one may have renamed a folder the other one adds nothing, which git would want to move.
 */
export function disjointness(repository: Repository, throwaway: Throwaway) {
  const known = new Map<string, Changed | null>()
  return async (pairs: readonly Pair[], signal: AbortSignal): Promise<ReadonlySet<Pair>> => {
    if (pairs.length < fewPairs) return new Set()
    const { lines, commits } = await linesTo([...new Set(pairs.flat())], throwaway)
    const began = new Map<Pair, string>()
    for (const pair of pairs) {
      const at = meeting(lines, pair)
      if (at !== null) began.set(pair, at)
    }
    const keyOf = (from: string, to: string): string => `${commits.get(from)?.tree} ${commits.get(to)?.tree}`
    const asked = new Set([...began].flatMap(([pair, from]) => pair.map((head) => keyOf(from, head))))
    if (known.size > mostKnown.changes) known.clear()
    const open = [...asked].filter((key) => !known.has(key))
    if (open.length > 0) await readChanges(repository, throwaway, { keys: open, known, signal })
    const disjoint = [...began].filter(([[ours, theirs], from]) => {
      const [one, other] = [known.get(keyOf(from, ours)), known.get(keyOf(from, theirs))]
      return one != null && other != null && areDisjoint(one, other)
    })
    return new Set(disjoint.map(([pair]) => pair))
  }
}

function areDisjoint(one: Changed, other: Changed): boolean {
  if ((one.renames && other.adds) || (other.renames && one.adds)) return false
  const [few, many] = one.paths.size < other.paths.size ? [one, other] : [other, one]
  for (const path of few.paths) if (many.paths.has(path) || many.folders.has(path)) return false
  for (const folder of few.folders) if (many.paths.has(folder)) return false
  return true
}

/** Of each head itself and what it was built on, as far as each has one parent; the last one may have others. */
async function linesTo(
  heads: readonly string[],
  throwaway: Throwaway,
): Promise<{
  readonly lines: ReadonlyMap<string, readonly string[]>
  readonly commits: ReadonlyMap<string, Commit>
}> {
  const lines = new Map(heads.map((head) => [head, [head]]))
  const commits = new Map<string, Commit>()
  let ends = new Set(heads)
  for (let step = 0; step < longestLine && ends.size > 0; step++) {
    const found = await throwaway.objects.commits([...ends])
    for (const [oid, commit] of found) commits.set(oid, commit)
    ends = new Set()
    for (const [head, line] of lines) {
      const { parents: [parent, second] = [] } = commits.get(line.at(-1) ?? head) ?? {}
      if (line.length !== step + 1 || parent === undefined || second !== undefined) continue
      line.push(parent)
      ends.add(parent)
    }
    // All have met: further back there is nothing to be found.
    if (ends.size === 1) break
  }
  const last = await throwaway.objects.commits([...ends])
  for (const [oid, commit] of last) commits.set(oid, commit)
  return { lines, commits }
}

/** The one commit that git merges two heads by: the first that is in the straight lines of both. */
function meeting(lines: ReadonlyMap<string, readonly string[]>, [ours, theirs]: Pair): string | null {
  const line = new Set(lines.get(theirs))
  return lines.get(ours)?.find((oid) => line.has(oid)) ?? null
}

interface Reading {
  /** Two trees each. */
  readonly keys: readonly string[]
  readonly known: Map<string, Changed | null>
  readonly signal: AbortSignal
}

async function readChanges(
  repository: Repository,
  throwaway: Throwaway,
  { keys, known, signal }: Reading,
): Promise<void> {
  const input = keys.map((key) => `${key.split(' ').map(oidOf).join(' ')}\n`).join('')
  const output = await withView(repository, { objects: throwaway.folders, signal }, async (view) => {
    const asked = { arguments: ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-renames'], input }
    return (await view.git(asked)).output
  }).catch((error: unknown) => {
    // Something is gone: merging says what.
    if (OrchError.is(error) && error.code === 'git-failed') return ''
    throw error
  })
  for (const [key, changed] of changesIn(output)) known.set(key, changed)
}

/** `<tree> <tree>`, which a line or a field ends, then for each path `:<mode> <mode> <oid> <oid> <what>` and the path. */
function changesIn(output: string): ReadonlyMap<string, Changed | null> {
  const found = new Map<string, Changed | null>()
  const header = /([0-9a-f]+ [0-9a-f]+)[\n\0]/y
  for (let at = 0; at < output.length; ) {
    header.lastIndex = at
    const key = header.exec(output)?.[1]
    if (key === undefined) throw new OrchError('bug', 'git diff-tree said something else than was asked')
    at = header.lastIndex
    const entries: Entry[] = []
    while (output[at] === ':') {
      const middle = output.indexOf('\0', at)
      const end = output.indexOf('\0', middle + 1)
      entries.push([output.slice(middle - 1, middle), output.slice(middle + 1, end)])
      at = end + 1
    }
    found.set(key, entries.length > mostKnown.paths ? null : changedBy(entries))
  }
  return found
}

type Entry = readonly [what: string, path: string]

function changedBy(entries: readonly Entry[]): Changed {
  const paths = new Set(entries.map(([, path]) => path))
  const folders = new Set<string>()
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  const adds = entries.some(([what]) => what === 'A')
  return { paths, folders, adds, renames: adds && entries.some(([what]) => what === 'D') }
}
