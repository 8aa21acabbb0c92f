import type { Oid } from '../model/run-state.ts'

/** Something that is kept of a task's work. */
export interface KeptWork {
  /** Whose workspace it was; also where nobody knows the task any more. */
  readonly workspace: string
  /** Its name among what is kept of this workspace: `head-…`, `tree-…`. */
  readonly name: string
  /**
   * `commits`: the head of a branch; `files`: what was not committed, as a commit on top of HEAD; `staged`: what the index held beside that, likewise;
   * `folder`: moved aside as it was, because git cannot represent it.
   */
  readonly kind: 'commits' | 'files' | 'staged' | 'folder'
  /** Null for a folder. */
  readonly oid: Oid | null
  /** Absolute; null but for a folder. */
  readonly directory: string | null
  /** When it was kept: wall clock, milliseconds since 1970, for people. Null when nobody knows. */
  readonly at: number | null
  /** The first line of the message of its commit; empty for a folder and where the commit is gone. */
  readonly subject: string
  /** What was not committed: how many files, and the first 20 of them. Null for commits and folders. */
  readonly files: { readonly count: number; readonly first: readonly string[] } | null
}

/** Kept work held against where it started. */
export interface KeptChanges {
  readonly from: Oid
  /** In the order of their paths, the first 1000. */
  readonly files: readonly KeptFile[]
  readonly count: number
  /** The differences as git prints them, the first 200,000 bytes, whole lines; null unless asked for. */
  readonly patch: string | null
  /** There is more than `patch` holds. */
  readonly isCut: boolean
}

/** One file that differs. Null: it is no text. */
export interface KeptFile {
  readonly path: string
  readonly insertions: number | null
  readonly deletions: number | null
}

/** Where kept work is put: both are new. */
export type RestoreTo = { readonly branch: string } | { readonly directory: string }
