/** What an agent's program needs, as data. Core starts nothing; a runner reads this. */
export interface AgentProfile {
  /** For people and logs. */
  readonly name: string
  /**
   * The program and its arguments, passed as they are, never through a shell. `{prompt}` and `{prompt-file}` as a whole argument are
   * replaced by the prompt's text and by the path of its file.
   */
  readonly argv: readonly [string, ...string[]]
  /** Used instead of `argv` when an earlier turn left a session; `{resume}` is replaced by it. */
  readonly resumeArgv?: readonly [string, ...string[]]
  /** Names of environment variables of ours that it may see, beside the basic ones (`PATH`, `HOME`, `LANG`, …). Default none. */
  readonly inherit?: readonly string[]
  /** Added to its environment. No secrets: use `inherit`. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Any program as an agent: it finds its prompt in the file `$ORCH_PROMPT_FILE`. */
export function command(options: {
  readonly argv: readonly [string, ...string[]]
  readonly name?: string
  readonly inherit?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}): AgentProfile {
  const { name, ...rest } = options
  return { name: name ?? options.argv[0], ...rest }
}
