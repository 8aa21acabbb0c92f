import { codeOf } from '../disk/files.ts'

export interface ProcessEntry {
  readonly pid: number
  readonly group: number
  readonly start: string
  /** It has ended and waits for its parent to take notice. */
  readonly dead: boolean
}

/** One look at the processes of this machine; what was read is kept, so use a new one for a new look. */
export interface ProcessTable {
  find(pid: number): Promise<ProcessEntry | 'unreadable' | null>
  /** How long ago, in milliseconds and at least, something started that lives since `start`; null where that cannot be told. */
  ageOf(start: string): number | null
  /**
   * The living processes that `leader` left behind or still leads, without itself: its group, and where the platform can tell also
   * its session and whoever carries `marker` in the environment that it was started with.
   *
   * @param since when the latest fact was seen that the answer is to be held against (`performance.now()`): a look that is older
   * would miss what was started in between
   */
  members(
    leader: { readonly pid: number; readonly start: string } | null,
    marker: string,
    since: number,
  ): Promise<Members>
}

export interface Members {
  readonly living: readonly ProcessEntry[]
  /** All of them were found. Not so where processes come and go faster than they can be read: then nobody is proved to be gone. */
  readonly whole: boolean
}

/** Whether a process with this number exists, ended ones that nobody has taken notice of included. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false
    return true // EPERM: somebody else's, so it exists
  }
}
