import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import {
  branchBefore,
  findRepository,
  type LocalOptions,
  local,
  type RemoteOptions,
  type RepositoryFacts,
} from '@orch/adapter-local'
import {
  createOrchestrator,
  OrchError,
  type Orchestrator,
  type PolicyInput,
  type PortName,
  type TaskQueue,
  type Vcs,
} from '@orch/core'
import { agentCommandDirectory } from './agent-command.ts'
import type { Call } from './answer.ts'
import { makePort, type PortTypes } from './configuration/adapter.ts'
import { agentMissing, agentOf, noAgent, profileOf } from './configuration/agent.ts'
import type { Configuration, NamedAdapter } from './configuration/configuration.ts'
import { loadConfiguration } from './configuration/load.ts'

export interface Opened extends AsyncDisposable {
  readonly orchestrator: Orchestrator
}

export interface Choices {
  readonly agent?: 'needed'
  readonly target?: 'needed'
  readonly policy?: PolicyInput
  /** What a run is limited to; Beads counts to it whatever is below, to any depth. */
  readonly epic?: string
}

/** What `open` opens, of the repository that was found where the command is called. Most of the command's own code is behind this. */
export async function assemble(call: Call, here: RepositoryFacts, choices: Choices): Promise<Opened> {
  const { configuration, file } = await loadConfiguration({ directory: call.directory, root: here.root })
  const base = file === null ? here.root : dirname(file)
  const named = configuration.repository
  const found = named === undefined ? here : await findRepository(resolve(base, named))
  const agent = agentOf(configuration)
  const path = choices.agent === 'needed' ? [await agentCommandDirectory(join(found.commonDirectory, 'orch'))] : []

  const onto = configuration.target ?? targetIn(found, configuration.policy ?? {})
  const target = onto === null ? {} : { target: onto }
  const place = { directory: base, repository: found.root, path, ...target }
  // Node 22 has no stack of disposables.
  const made: object[] = []
  const portOf = async <Name extends PortName>(
    name: Name,
    given: NamedAdapter | PortTypes[Name],
  ): Promise<PortTypes[Name]> => {
    if (!isNamed(given)) return given
    const port = await makePort(name, given, place)
    made.push(port)
    return port
  }
  const { queue, board } = shared(configuration, choices.epic)
  const policy = { ...configuration.policy, ...choices.policy }
  const { via = 'local' } = policy.landing ?? {}
  const remote = via === 'local' ? {} : { remote: remoteOf(configuration, base) }
  const ours = local({ repository: found, ...target, path, ...chosenOf(configuration, base), ...remote })
  made.push(ours.queue, ours.vcs, ours.runner, ours.board)
  const vcs = configuration.vcs === undefined ? ours.vcs : await portOf('vcs', configuration.vcs)
  if (choices.target === 'needed') await checkTarget(vcs)
  if (agent === null && choices.agent === 'needed') throw agentMissing(file)
  const orchestrator = createOrchestrator({
    queue: queue === undefined ? ours.queue : await portOf('queue', queue),
    vcs,
    runner: configuration.runner === undefined ? ours.runner : await portOf('runner', configuration.runner),
    board: board === undefined ? ours.board : await portOf('board', board),
    ...(configuration.review === undefined ? {} : { review: await portOf('review', configuration.review) }),
    agent: agent ?? noAgent,
    ...(configuration.reviewer !== undefined && { reviewer: profileOf(configuration.reviewer) }),
    policy,
    // As it would be by default, where the same comes from the web's kind of cryptography, which takes milliseconds to load.
    owner: `orch-${randomUUID().slice(0, 8)}`,
  })
  return {
    orchestrator,
    async [Symbol.asyncDispose]() {
      await orchestrator[Symbol.asyncDispose]()
      for (const each of made) await end(each)
    },
  }
}

/**
 * Where changes land that no configuration says it of; null: on the branch that is checked out. Whoever has switched to the branch of an epic, to look at it, wants
 * that to land where they were before.
 */
function targetIn({ commonDirectory, branch }: RepositoryFacts, policy: PolicyInput): string | null {
  const { epics, branchPrefix = 'orch/' } = policy
  // Nobody has checked it yet.
  const own = Object.values(epics ?? {}).map((epic: { readonly target?: unknown } | null) => epic?.target)
  if (branch === null || !own.includes(branch)) return null
  return branchBefore(commonDirectory, (other) => !own.includes(other) && !other.startsWith(String(branchPrefix)))
}

const beads = '@orch/adapter-beads'

/** Queue and board as they were chosen: Beads is both, so that a project of Beads alone needs no second store. */
function shared(
  { queue, board }: Configuration,
  epic: string | undefined,
): Pick<Configuration, 'board'> & { readonly queue?: NamedAdapter | TaskQueue } {
  const named = queue === 'beads' ? { use: beads } : queue
  if (named === undefined || !isNamed(named) || named.use !== beads) {
    return { ...(named && { queue: named }), ...(board && { board }) }
  }
  const chosen = epic === undefined ? named : { ...named, epic }
  return { queue: chosen, board: board ?? chosen }
}

/** What is said of the adapter that is ours; folders are relative to the configuration, or to the user's own with `~/`. */
function chosenOf({ isolation, sandbox, secrets = [], vcs }: Configuration, base: string): Partial<LocalOptions> {
  const folder = (path: string) => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(base, path))
  const kept = typeof sandbox === 'string' ? { by: sandbox } : sandbox
  const writable = kept?.writable?.map(folder)
  return {
    ...(isolation !== undefined && { isolation }),
    ...(kept !== undefined && { sandbox: { ...kept, ...(writable !== undefined && { writable }) } }),
    secrets: [...secrets, ...passwordsOf(vcs)],
  }
}

/** Of a version control that pushes: who runs agents has to keep it from them. */
function passwordsOf(vcs: Configuration['vcs']): readonly string[] {
  if (vcs === undefined || !isNamed(vcs)) return []
  const { auth } = (vcs.remote ?? {}) as { readonly auth?: { readonly password?: unknown } }
  return typeof auth?.password === 'string' ? [auth.password] : []
}

/** What begins with a dot is no address, but a path that is relative to the configuration. */
function remoteOf({ remote = {} }: Configuration, base: string): RemoteOptions {
  if (typeof remote === 'string') return { name: remote }
  return remote.url?.startsWith('.') === true ? { ...remote, url: resolve(base, remote.url) } : remote
}

/** Throws when there is nothing to land on: better before tasks are stored than after. An outage may pass. */
async function checkTarget(vcs: Vcs): Promise<void> {
  try {
    await vcs.observe({ landed: [], signal: new AbortController().signal })
  } catch (error) {
    if (!OrchError.is(error) || !error.retryable) throw error
  }
}

/** The schema has told the two apart. */
function isNamed(given: object): given is NamedAdapter {
  return 'use' in given && typeof given.use === 'string'
}

/** Ports that nobody has to close have nothing to close them with. */
async function end(port: Partial<AsyncDisposable & Disposable>): Promise<void> {
  await port[Symbol.asyncDispose]?.()
  port[Symbol.dispose]?.()
}
