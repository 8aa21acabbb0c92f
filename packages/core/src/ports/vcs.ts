import type { Result } from '../model/result.ts'
import type { Kept, Oid } from '../model/run-state.ts'
import type { Glob, TaskId } from '../model/task.ts'
import type { VcsWorld, Workspace } from '../model/vcs-world.ts'
import type { VcsKeeping } from './vcs-keeping.ts'
import type { VcsLanding } from './vcs-landing.ts'
import type { VcsPredicting } from './vcs-predicting.ts'

/**
 * One git repository. Workspaces and branches that agents wrote to are hostile input: nothing in them is executed by any
 * verb here. Relative paths are `/`-separated; directories are absolute.
 */
export interface Vcs extends VcsKeeping, VcsPredicting, VcsLanding {
  /** The branch that changes land on, unless another one is named; by the name that git knows it by in a workspace: `main`, `origin/main`. */
  readonly target: string
  /** Where it is: in this repository, or on a remote that `land` pushes to. Default `local`. */
  readonly via?: 'local' | 'push'

  /**
   * Everything that a pass needs, cheap enough for every pass: when nothing moved (seen by `stat`) it starts no process.
   * Throws `OrchError`: `no-target` when the target branch does not exist, `port-failed` when git does not answer.
   */
  observe(options: {
    /** Changes of which the answer is to tell whether they are on the target. */
    readonly landed: readonly LandedQuestion[]
    /** Other branches that changes land on: `targets` of the answer tells where they are. Default none. */
    readonly targets?: readonly string[]
    readonly signal: AbortSignal
  }): Promise<VcsWorld>

  /**
   * Another branch for changes to land on, which starts at `from`. One that is there already stays as it is, and that is `ok`. `clash`: the name cannot be
   * a branch beside an existing one. Throws `invalid-branch`.
   */
  createTarget(options: {
    readonly branch: string
    readonly from: Oid
    readonly signal: AbortSignal
  }): Promise<Result<void, 'clash'>>

  /**
   * Whether workspaces can be made on branches that begin with `prefix`; asked before the first one is. `clash`: not beside a branch that is
   * there (`detail` is its name). Throws what would keep every workspace from being made.
   */
  admits(options: { readonly prefix: string; readonly signal: AbortSignal }): Promise<Result<void, 'clash'>>

  /**
   * The workspace `name` on a new branch that starts at `from`. A workspace with that name and branch is adopted as it is
   * and its files are completed when making it was interrupted before anything could be changed in it; so calling twice is calling once.
   * A branch that exists without a workspace gets one, at its present head.
   * With `continues` a workspace that is on another branch of ours, whose head is `from`, is put on the new branch with everything in it as it is.
   * `branch-elsewhere`: the branch is checked out by somebody else; `no-space`; `clash`: the name cannot be a branch beside
   * an existing one (`orch/x` beside `orch`); `other-branch`: the workspace is on another branch, and stays there.
   */
  createWorkspace(options: {
    readonly name: string
    readonly branch: string
    readonly from: Oid
    /** Default false. */
    readonly continues?: boolean
    readonly signal: AbortSignal
  }): Promise<Result<MadeWorkspace, 'branch-elsewhere' | 'no-space' | 'clash' | 'other-branch'>>

  /**
   * Turns what a turn left behind into commits on the workspace's branch: tracked changes, and new files that match
   * `include` and are not ignored. What is not included stays in the workspace and is named in `left`. Nothing to commit is no failure:
   * `head` is then the present one. The new head is pinned. No hook, filter or signature program runs.
   * `not-on-branch`: HEAD is detached or on another branch, or a merge or rebase is in progress; `not-representable`: a
   * nested repository or an unreadable file (`detail` names it); `gone`: the workspace is not there.
   */
  seal(options: {
    readonly workspace: string
    readonly branch: string
    /** Where the branch started: `changed` tells whether anything is different since. */
    readonly from: Oid
    /** What an attempt before left, as `preserve` kept it; null when there is none. */
    readonly before: Oid | null
    readonly include: readonly Glob[]
    /** Files that it covers are named in `guarded`; where it covers `.gitmodules`, also submodules. Default none. */
    readonly guard?: readonly Glob[]
    /** The branch that it is to land on. Default the repository's target. */
    readonly target?: string | undefined
    readonly message: string
    readonly signal: AbortSignal
  }): Promise<Result<Sealed, 'not-on-branch' | 'not-representable' | 'gone'>>

  /**
   * Keeps everything that the workspace holds (HEAD, its branch, and the working tree with untracked files) under `refs/orch/kept/<as>/…`,
   * without touching it. Called twice with nothing changed it adds nothing.
   */
  preserve(options: {
    readonly workspace: string
    readonly as: string
    readonly signal: AbortSignal
  }): Promise<Result<Kept, 'not-representable' | 'gone'>>

  /**
   * What was done between two times: in a workspace as it was preserved, or on the target. `gone`: the repository has not all of these commits any more.
   */
  since(options: {
    readonly before: Kept
    readonly after: Kept
    /** Names only commits that changed one of these, or what is below it; `files` are all the same. Default: every commit. */
    readonly paths?: readonly string[]
    readonly signal: AbortSignal
  }): Promise<Result<Since, 'gone'>>

  /**
   * Takes the branch and every workspace of ours that is on it away, after preserving whatever is not yet reachable; a workspace that is on
   * another branch by now stays. A workspace that git cannot represent whole is moved
   * aside (`moved` names where), never deleted. A workspace that is gone already is `ok`.
   * `in-use`: a process other than ours works in it.
   */
  retire(options: {
    readonly workspace: string
    readonly branch: string
    readonly signal: AbortSignal
  }): Promise<Result<{ readonly moved: string | null }, 'in-use'>>

  /** Files changed between where the branch started, or last left the target when that is later, and the working tree as it is now. For people. */
  changes(options: {
    readonly workspace: string
    readonly base: Oid
    /** The branch that it is to land on. Default the repository's target. */
    readonly target?: string | undefined
    /** Files that it does not cover are named in `outside`. Default: it covers all. */
    readonly include?: readonly Glob[]
    readonly signal: AbortSignal
  }): Promise<Changes>

  /** Pins, moved-aside folders and workspaces that belong to no task in `keep`; with `drop`, also takes those away. */
  prune(options: {
    /** Workspace names that are in use. */
    readonly keep: readonly string[]
    /** Branches of closed tasks, whatever their names begin with. */
    readonly branches: readonly string[]
    readonly drop: boolean
    readonly signal: AbortSignal
  }): Promise<readonly Leftover[]>

  /**
   * For each pair, in the given order, the files in which the two commits differ; null where the repository has one of them no more.
   * One look for all of them. For people.
   */
  changedFiles?(options: {
    readonly pairs: readonly { readonly from: Oid; readonly to: Oid }[]
    readonly signal: AbortSignal
  }): Promise<readonly (readonly string[] | null)[]>

  /** The past of the target. For people. */
  history?(options: { readonly signal: AbortSignal }): Promise<History>

  /** A hint that the target moved, or one of `targets` (default none). */
  watch?(options: {
    readonly targets?: readonly string[]
    readonly onChange: () => void
    readonly signal: AbortSignal
  }): void
}

export interface MadeWorkspace extends Workspace {
  /** Its branch or its files were there before this call: they may hold work that no record tells of. */
  readonly found: boolean
}

export interface LandedQuestion {
  readonly task: TaskId
  /** The branch that it is to land on. Default the repository's target. */
  readonly target?: string | undefined
  readonly head: Oid
  /** Where the branch started. */
  readonly base: Oid
  /** The candidate's commit, when one was built. */
  readonly commit: Oid | null
}

export interface Sealed {
  readonly head: Oid
  /** The tree of `head` is another than that of `from`: commits alone, empty ones, are no change. */
  readonly changed: boolean
  /** A file that `include` covers is different from what `before` held; true without a `before`. */
  readonly changedSince: boolean
  /** Files that the branch changes and `include` does not cover, counted from where it last met the target. They are part of `head`. */
  readonly outside: readonly string[]
  /** Files that the branch changes and `guard` covers, counted in the same way. */
  readonly guarded: readonly string[]
  readonly left: readonly string[]
}

export interface Since {
  /** Commits of the branch itself, newest first, the first 50; what a merge brought with it is the merge alone. */
  readonly commits: readonly { readonly oid: Oid; readonly subject: string }[]
  /** Files that differ, committed or not. */
  readonly files: readonly string[]
}

export interface Changes {
  readonly files: number
  readonly insertions: number
  readonly deletions: number
  /** As in `Sealed`, what is not committed included. */
  readonly outside: readonly string[]
}

export interface History {
  /** The files of the target as it is now, from the root. */
  readonly files: readonly string[]
  /** What `coChange` reads, in pieces cut anywhere, no faster than it is taken. Whoever does not want all of it stops. */
  readonly log: AsyncIterable<string | Uint8Array>
}

export interface Leftover {
  readonly what: 'pin' | 'workspace' | 'branch' | 'moved-aside'
  /** The ref or the directory. */
  readonly name: string
  readonly oid: Oid | null
}
