import type { Actor } from './scheduler.ts'

/** One call of a port by one of the orchestrators. */
export interface Call {
  readonly actor: Actor
  readonly port: 'queue' | 'vcs' | 'runner' | 'review' | 'board'
  readonly verb: string
  // biome-ignore lint/suspicious/noExplicitAny: what each verb is given is its port's; a checker reads the fields of the verbs that it knows.
  readonly options: any
  /** When it takes place, who made it has long heard that it did not answer. Default false. */
  isLate?: boolean
}

/** Somebody who looks on and says what must not be. Knows the ports and what passes through them, nothing of the loop. */
export interface Checker {
  /** The call was made; it takes place later. */
  issued?(call: Call): void
  /** Right before it takes place. */
  before?(call: Call): void
  /** Right after it took place; `answer` as the port gave it. */
  after?(call: Call, answer: unknown): void
  /** When every run has ended. */
  atRest?(): void
  /** When people have cancelled everything that was left, and it has been put away. */
  atEnd?(): void
}
