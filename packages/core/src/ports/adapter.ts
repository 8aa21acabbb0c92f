import type { AgentRunner } from './agent-runner.ts'
import type { Board } from './board.ts'
import type { ReviewHost } from './review-host.ts'
import type { TaskQueue } from './task-queue.ts'
import type { Vcs } from './vcs.ts'

/**
 * What a package exports under the name `orchAdapter`, so that a configuration can name the package:
 *
 *     queue: { use: '@acme/orch-linear', team: 'ENG' }
 *
 * A package has the factories that it can serve and leaves the others out. Importing it starts nothing; a factory may open what it needs.
 */
export interface OrchAdapter {
  readonly queue?: AdapterFactory<TaskQueue>
  readonly vcs?: AdapterFactory<Vcs>
  readonly runner?: AdapterFactory<AgentRunner>
  readonly board?: AdapterFactory<Board>
  readonly review?: AdapterFactory<ReviewHost>
}

/**
 * Makes one port. What the factory returns belongs to the caller, who ends it with `Symbol.asyncDispose` or `Symbol.dispose` where it has one.
 * Options that cannot be used are an `OrchError('invalid-configuration')` with every problem.
 */
export type AdapterFactory<Port> = (options: AdapterOptions) => Port | Promise<Port>

/** Everything beside `use` in the configuration, as it was written there and unchecked, and where to work. */
export interface AdapterOptions {
  /** Absolute path of the repository's root. */
  readonly repository: string
  /** The branch that changes land on; absent: the one that is checked out. */
  readonly target?: string
  /** For a runner: directories to put first in the `PATH` of agents, where they find `orch tell`. */
  readonly path?: readonly string[]
  readonly [option: string]: unknown
}

/** The ports that a configuration can name an adapter for. */
export type PortName = keyof OrchAdapter
