import type { ConflictFile } from '../model/conflict.ts'
import type { Oid } from '../model/run-state.ts'
import type { Glob } from '../model/task.ts'

/** What tells conflicts before they are met. Without it nobody is warned, and everything else works. */
export interface VcsPredicting {
  /**
   * For each workspace, in the given order, the commit that sealing it now would make, without what git cannot represent; its head when there is nothing to commit.
   * No workspace is touched and nothing is pinned: the commits are for `predict`, in this process. Null: the workspace is not there, or cannot be read just now.
   * Where nothing moved since the last call, seen by `stat`, no process is started.
   */
  snapshots?(options: {
    readonly workspaces: readonly {
      readonly workspace: string
      /** New files count when it covers them; as for `seal`. */
      readonly include: readonly Glob[]
    }[]
    readonly signal: AbortSignal
  }): Promise<readonly (Oid | null)[]>

  /**
   * For each pair, in the given order, the files in which a merge of the second commit into the first would stop; none when it would not. Null: the repository has not
   * both of them. Pairs that were answered before start no process.
   */
  predict?(options: {
    readonly pairs: readonly (readonly [ours: Oid, theirs: Oid])[]
    /** As for `buildCandidate`. */
    readonly union?: readonly Glob[]
    readonly regenerate?: readonly Glob[]
    readonly signal: AbortSignal
  }): Promise<readonly (readonly ConflictFile[] | null)[]>
}
