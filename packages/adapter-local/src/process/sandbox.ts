import type { Folder } from './folder.ts'

/** What keeps a program to its workspace. */
export interface Sandbox {
  /** Why no program can be run in it here, and what to do; null when one can. */
  unusable(): Promise<string | null>
  /** The command that runs `argv` in it. */
  around(argv: readonly [string, ...string[]], inside: Inside): Promise<readonly [string, ...string[]]>
}

export interface Inside {
  /** The only folder that is written to. */
  readonly directory: string
  /** Nor is that. */
  readonly isReader: boolean
  /** Of it the program reads the prompt and writes outbox and inbox. */
  readonly folder: Folder
  /** Directories of programs that it is to find. */
  readonly path: readonly string[]
}
