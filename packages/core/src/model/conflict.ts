import { shown } from './shown.ts'
import type { TaskId } from './task.ts'

/** Two changes that do not go together. */
export interface Conflict {
  /**
   * `planned`: the scopes of both cover a path. `live`: as their files are now, what is not committed included, git would not merge them. `landing`: the
   * change that waits to land does not go onto the target as it is now.
   */
  readonly when: 'planned' | 'live' | 'landing'
  /** Of the two, the one that comes later: the other one goes before it, or is there already. */
  readonly task: TaskId
  /** Null: the target. */
  readonly with: TaskId | null
  /** In the order of their paths; for `planned` one that both scopes cover, none where that could not be found out. */
  readonly files: readonly ConflictFile[]
}

export interface ConflictFile {
  /** From the root. */
  readonly path: string
  readonly kind: ConflictKind
  /** Where both changed the same text; empty where it is not about lines. */
  readonly lines: readonly ConflictLines[]
}

/**
 * `scope`: nothing has been changed yet. `content`: both changed the same lines, or lines beside each other; `binary`: the same file, which is no text;
 * `both-added`; `modify-delete`; `rename`: a file or its folder was renamed; `mode`: both changed who may execute it; `file-folder`: a file on one side, a
 * folder on the other; `file-link`: a file and a link; `submodule`.
 */
export type ConflictKind =
  | 'scope'
  | 'content'
  | 'binary'
  | 'both-added'
  | 'modify-delete'
  | 'rename'
  | 'mode'
  | 'file-folder'
  | 'file-link'
  | 'submodule'
  | 'other'

export interface ConflictLines {
  /** In the file of the one that goes first. */
  readonly ours: LineRange
  /** In the file of the later one. */
  readonly theirs: LineRange
}

export interface LineRange {
  /** From 1. */
  readonly from: number
  /** 0: nothing is left there of what stood before this line. */
  readonly count: number
}

/** One place of a conflict, with what each side has there, without the end of the last line. Null: the file is not there on that side. */
export interface ConflictSides {
  /** From the root. */
  readonly path: string
  /** Of the one that goes first. */
  readonly ours: string | null
  /** Of the later one. */
  readonly theirs: string | null
}

/** The files of a conflict in one line for people and agents. */
export function conflictText(files: readonly ConflictFile[]): string {
  const named = files.slice(0, most).map(({ path, lines }) => {
    const [first] = lines
    return first === undefined ? shown(path) : `${shown(path)}:${first.theirs.from}`
  })
  const more = files.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const most = 10
