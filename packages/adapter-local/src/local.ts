import { join } from 'node:path'
import { type AgentProfile, type AgentRunner, type Board, OrchError, type Vcs } from '@orch/core'
import { gitVcs } from './git/git-vcs.ts'
import type { RemoteOptions } from './git/remote-address.ts'
import type { RepositoryFacts } from './git/repository.ts'
import type { Isolation } from './git/worktrees.ts'
import { evidenceIn, placeOf } from './place.ts'
import { processRunner } from './process/process-runner.ts'
import type { Sandbox } from './process/sandbox.ts'
import { type BubblewrapOptions, bubblewrap } from './sandbox/bubblewrap.ts'
import { sqliteBoard } from './sqlite/board.ts'
import { type SqliteQueue, sqliteQueue } from './sqlite/queue.ts'

export interface LocalOptions<Agent extends AgentProfile | undefined = AgentProfile | undefined> {
  /** A folder of the repository: its root, one below it, or a linked worktree; or what `findRepository` found, which saves looking again. */
  readonly repository: string | RepositoryFacts
  /** The branch that changes land on. Default: the one that is checked out in the main worktree. */
  readonly target?: string
  /** The program that does the tasks. */
  readonly agent?: Agent
  /** Whether tasks work in linked worktrees or in clones that share nothing but objects; see `gitVcs`. Default `worktree`. */
  readonly isolation?: Isolation
  /** Where changes are pushed to land, with `policy.landing.via: 'push'`; see `gitVcs`. Default none: they land in this repository. */
  readonly remote?: RemoteOptions
  /** What agents and checks are kept in; see `bubblewrap`. Default nothing. */
  readonly sandbox?: 'bubblewrap' | SandboxChoice
  /** Names of variables of ours that are secrets, beside those whose name says so; see `processRunner`. Default none. */
  readonly secrets?: readonly string[]
  /** Directories put first in the `PATH` of agents: where they find `orch tell`. Default none. */
  readonly path?: readonly string[]
}

export interface SandboxChoice extends Pick<BubblewrapOptions, 'network' | 'writable'> {
  readonly by: 'bubblewrap'
}

export interface Local<Agent extends AgentProfile | undefined = AgentProfile | undefined> {
  readonly queue: SqliteQueue
  readonly vcs: Vcs
  readonly runner: AgentRunner
  readonly board: Board
  readonly agent: Agent
}

/**
 * Every port on this machine, nothing to install: SQLite, git worktrees, processes. All state is in `<common git directory>/orch`, worktrees
 * are in `<repository>.worktrees`. Throws `not-a-repository`, and `detached-head` when no branch is named and none is checked out.
 */
export function local<Agent extends AgentProfile | undefined = undefined>(options: LocalOptions<Agent>): Local<Agent> {
  const folder = typeof options.repository === 'string' ? options.repository : options.repository.root
  const { state, branch } = placeOf(folder)
  const target = options.target ?? branch
  if (target === null) {
    throw new OrchError(
      'detached-head',
      `no branch is checked out in ${folder} (HEAD is detached), so there is none to land on; ` +
        'check one out with `git switch BRANCH`, or set target: BRANCH in the configuration',
    )
  }
  const password = options.remote?.auth?.password
  const secrets = [...(options.secrets ?? []), ...(password === undefined ? [] : [password])]
  return {
    queue: sqliteQueue({ directory: state, evidence: evidenceIn(state) }),
    vcs: gitVcs({
      repository: options.repository,
      target,
      isolation: options.isolation ?? 'worktree',
      ...(options.remote !== undefined && { remote: options.remote }),
    }),
    runner: runnerOf({ ...options, secrets }),
    board: sqliteBoard({ directory: state }),
    agent: options.agent as Agent,
  }
}

/** The processes of one repository. */
export function runnerOf({
  repository,
  path = [],
  secrets = [],
  sandbox,
}: Pick<LocalOptions, 'repository' | 'path' | 'secrets' | 'sandbox'>): AgentRunner {
  const folder = typeof repository === 'string' ? repository : repository.root
  return processRunner({
    directory: join(placeOf(folder).state, 'processes'),
    path,
    secrets,
    ...(sandbox !== undefined && { sandbox: sandboxOf(repository, sandbox) }),
  })
}

function sandboxOf(repository: LocalOptions['repository'], choice: 'bubblewrap' | SandboxChoice): Sandbox {
  const { by: _, ...chosen } = typeof choice === 'string' ? { by: choice } : choice
  return bubblewrap({ repository, ...chosen })
}
