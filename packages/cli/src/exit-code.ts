/** What the command's exit code says to a script. */
export const exitCode = {
  done: 0,
  /** Finished, but tasks failed or are stuck; or something outside did not answer. */
  failures: 1,
  /** The call, the configuration or the tasks cannot be used as they are. */
  usage: 2,
  /** Nothing more can move without a person. */
  waits: 3,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
