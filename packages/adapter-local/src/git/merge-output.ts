import { type ConflictFile, type ConflictKind, OrchError } from '@orch/core'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'

/** What git says of one merge. */
export interface MergeAnswer {
  readonly isClean: boolean
  /** With the conflicts in it, where there are any. */
  readonly tree: string
  /** Empty only when it is clean. */
  readonly files: readonly Unmerged[]
}

export interface Unmerged extends Omit<ConflictFile, 'lines'> {
  /** One character per byte. */
  readonly bytes: string
  /** What the two sides hold there: blobs, by the side. Absent where it is none. */
  readonly ours?: string
  readonly theirs?: string
  /** Of the first side's. */
  readonly mode?: string
}

/** The kinds that git tells by words which it promises not to change. What is not among them and is a conflict is another one. */
const kinds: Readonly<Record<string, ConflictKind>> = {
  'CONFLICT (contents)': 'content',
  'CONFLICT (binary)': 'binary',
  'CONFLICT (modify/delete)': 'modify-delete',
  'CONFLICT (file/directory)': 'file-folder',
  'CONFLICT (distinct modes)': 'file-link',
  'CONFLICT (rename/rename)': 'rename',
  'CONFLICT (rename/delete)': 'rename',
  'CONFLICT (rename involved in collision)': 'rename',
  'CONFLICT (implicit dir rename)': 'rename',
  'CONFLICT (directory rename suggested)': 'rename',
  'CONFLICT (directory rename unclear split)': 'rename',
}

/** Reads the answers of `merge-tree` to pairs that it was given by `--stdin`, in their order. */
export function mergeAnswers(output: string, pairs: readonly (readonly [string, string])[]): readonly MergeAnswer[] {
  const fields = output.split('\0')
  let at = 0
  const next = (): string => {
    const field = fields[at++]
    if (field === undefined) throw new OrchError('bug', 'git merge-tree said less than was asked')
    return field
  }
  return pairs.map((sides) => {
    const isClean = next() === '1'
    const tree = oidOf(next())
    const entries = until(next)
    const messages = isClean ? [] : messagesFrom(next)
    return { isClean, tree, files: isClean ? [] : unmerged(entries, messages, sides) }
  })
}

function until(next: () => string): readonly string[] {
  const found: string[] = []
  for (let field = next(); field !== ''; field = next()) found.push(field)
  return found
}

interface Message {
  readonly paths: readonly string[]
  readonly type: string
}

function messagesFrom(next: () => string): readonly Message[] {
  const found: Message[] = []
  for (let field = next(); field !== ''; field = next()) {
    const paths = Array.from({ length: Number(field) }, next)
    found.push({ paths, type: next() })
    next()
  }
  return found
}

interface Stage {
  readonly mode: string
  readonly oid: string
}

function unmerged(
  entries: readonly string[],
  messages: readonly Message[],
  sides: readonly [string, string],
): readonly Unmerged[] {
  const files = new Map<string, (Stage | undefined)[]>()
  const named = (path: string) => {
    const stages = files.get(path) ?? []
    files.set(path, stages)
    return stages
  }
  for (const entry of entries) {
    const tab = entry.indexOf('\t')
    const [mode = '', oid = '', stage = ''] = entry.slice(0, tab).split(' ')
    named(unmoved(entry.slice(tab + 1), sides))[Number(stage)] = { mode, oid }
  }
  const told = new Map<string, ConflictKind>()
  for (const { paths, type } of messages) {
    if (!type.startsWith('CONFLICT')) continue
    for (const path of paths) {
      const place = unmoved(path, sides)
      // The first word on a path says the most: what is binary is a conflict of contents as well.
      if (!told.has(place)) told.set(place, kinds[type] ?? (/submodule/.test(type) ? 'submodule' : 'other'))
      named(place)
    }
  }
  if (files.size === 0) named('')
  return [...files]
    .map(([bytes, [, base, ours, theirs]]) => ({
      bytes,
      path: textOf(bytes),
      kind: kindOf(told.get(bytes) ?? 'other', base, ours, theirs),
      ...(ours && isFile(ours) && { ours: ours.oid, mode: ours.mode }),
      ...(theirs && isFile(theirs) && { theirs: theirs.oid }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function kindOf(told: ConflictKind, base?: Stage, ours?: Stage, theirs?: Stage): ConflictKind {
  if ([base, ours, theirs].some((stage) => stage?.mode === '160000')) return 'submodule'
  if (told !== 'content' || ours === undefined || theirs === undefined) return told
  if (ours.oid === theirs.oid) return 'mode'
  return base === undefined ? 'both-added' : 'content'
}

function isFile({ mode }: Stage): boolean {
  return mode.startsWith('100')
}

/** Where two things are to have one name, git puts one of them beside it, under that name and the side that it is from. */
function unmoved(path: string, sides: readonly string[]): string {
  for (const side of sides) {
    const mark = path.lastIndexOf(`~${side}`)
    if (mark > 0 && /^(_\d+)?$/.test(path.slice(mark + side.length + 1))) return path.slice(0, mark)
  }
  return path
}
