import type { LocalOptions } from '@orch/adapter-local'
import type { AgentProfile, AgentRunner, Board, PolicyInput, ReviewHost, TaskQueue, Vcs } from '@orch/core'

/** What `orch.config.*` may say. Everything has a default, except the agent, which only `orch run` needs. */
export interface Configuration {
  /** The repository to work on, relative to this file. Default: the one that the command is called in. */
  readonly repository?: string
  /** The branch that changes land on. Default: the one that is checked out; where that is the branch of an epic, the one that was before. */
  readonly target?: string
  readonly agent?: AgentCommand | AgentProfile
  /** Who looks at changes where `policy.landing.review` is `agent`. Default: the same as `agent`, in a session of its own. */
  readonly reviewer?: AgentCommand | AgentProfile
  /** Whether tasks work in linked worktrees or in clones that share nothing but objects. Default `worktree`. For `@orch/adapter-local`, as the next three. */
  readonly isolation?: LocalOptions['isolation']
  /** What agents and checks are kept in: `bubblewrap`, which has to be installed, or that with its choices. Default nothing. */
  readonly sandbox?: LocalOptions['sandbox']
  /**
   * Where `policy.landing.via: push` pushes what lands, or `host` has it merged: the name of a remote, or that with its address and who lets us in. A path is relative to this file. Default
   * `origin`.
   */
  readonly remote?: string | LocalOptions['remote']
  /**
   * Names of variables of the command's environment whose values are never told, stored or shown, beside those whose name or value says so (`*_TOKEN`, `*_KEY`, a
   * password in an address).
   */
  readonly secrets?: readonly string[]
  /**
   * Where tasks and their run records live. Default `@orch/adapter-local`, as for the others. `beads` is short for `@orch/adapter-beads`, which
   * then is the board as well, unless another one is named.
   */
  readonly queue?: 'beads' | NamedAdapter | TaskQueue
  readonly vcs?: NamedAdapter | Vcs
  readonly runner?: NamedAdapter | AgentRunner
  readonly board?: NamedAdapter | Board
  /** Default none: the review is part of the task's record. */
  readonly review?: NamedAdapter | ReviewHost
  readonly policy?: PolicyInput
}

/** Any program as an agent. */
export interface AgentCommand {
  /** Program and arguments, without a shell. `{prompt}` and `{prompt-file}` as whole arguments are replaced. */
  readonly command: readonly [string, ...string[]]
  /** For people and logs. Default: the program. */
  readonly name?: string
  /** Names of environment variables that it may see, beside the basic ones. */
  readonly inherit?: readonly string[]
  /** Added to its environment. No secrets: use `inherit`. */
  readonly environment?: Readonly<Record<string, string>>
}

/** An adapter by the name of its package (or a path that starts with `.`), which exports an `OrchAdapter` as `orchAdapter`. */
export interface NamedAdapter {
  readonly use: string
  /** Options of the adapter. */
  readonly [option: string]: unknown
}

/** Gives editors the types of a configuration in TypeScript or JavaScript: `export default defineConfig({ … })`. */
export function defineConfig(configuration: Configuration): Configuration {
  return configuration
}
