import { OrchError } from '../model/error.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { AgentProfile } from '../model/profile.ts'
import { failed, ok } from '../model/result.ts'
import type { Turn } from '../model/turn.ts'
import type { AgentRunner } from '../ports/agent-runner.ts'
import { type MemoryAgent, type MemoryEnd, MemoryProcess, type MemoryStart } from './memory-process.ts'

/**
 * Plays an agent. Runs at the start, up to its first `await` before `start` returns. The end that it returns or resolves to is how its
 * process ends; without one the process lives on until somebody ends it. A throw ends it with exit 1 and the error in its output.
 */
export type AgentScript = (
  start: MemoryStart,
  agent: MemoryAgent,
) => MemoryEnd | undefined | Promise<MemoryEnd | undefined>

export interface MemoryRunnerOptions {
  /** As in `AgentRunner`. Default none. */
  readonly secrets?: readonly string[]
  /** What agents do; as a table: how each key ends at once. Default nothing: they wait for the test's hand. */
  readonly script?: AgentScript | Readonly<Record<ProcessKey, MemoryEnd>>
  /** Whether a profile's program is there. Default: every one is. */
  readonly installed?: (profile: AgentProfile) => boolean
  /** Wall clock in milliseconds. Default the system's. */
  readonly now?: () => number
  /** Monotonic milliseconds. Default the system's. */
  readonly elapsed?: () => number
}

/** A runner without processes. It outlives the orchestrators that use it, as processes do: give one to several, or to the next. */
export interface MemoryRunner extends Required<AgentRunner> {
  /** Every start that took place, oldest first, forgotten ones included. */
  readonly starts: readonly MemoryStart[]
  /** The keys of the living, oldest first. */
  readonly alive: readonly ProcessKey[]
  /** The hand on one process, living or not. Throws `bug` when the key never ran. */
  agent(key: ProcessKey): MemoryAgent
  /** The four below throw `bug` unless the process lives. */
  print(key: ProcessKey, ...lines: readonly string[]): void
  report(key: ProcessKey, report: Parameters<MemoryAgent['report']>[0]): void
  finish(key: ProcessKey, end?: MemoryEnd): void
  vanish(key: ProcessKey, end?: Omit<MemoryEnd, 'exit'>): void
  /** From now on nobody can tell what became of it, until `show`. It goes on all the same. */
  hide(key: ProcessKey, why?: string): void
  show(key: ProcessKey): void
}

export function memoryRunner(options: MemoryRunnerOptions = {}): MemoryRunner {
  const { secrets = [], script = {}, installed = () => true, now = Date.now } = options
  const elapsed = options.elapsed ?? (() => performance.now())
  const processes = new Map<ProcessKey, MemoryProcess>()
  const starts: MemoryStart[] = []
  const listeners = new Set<() => void>()
  const moved = () => {
    for (const listener of [...listeners]) listener()
  }
  const processOf = (key: ProcessKey): MemoryProcess => {
    const found = processes.get(key)
    if (found === undefined) throw new OrchError('bug', `${key} was never started.`)
    return found
  }
  const living = (key: ProcessKey): MemoryProcess => {
    const found = processOf(key)
    if (!found.alive) throw new OrchError('bug', `${key} has ended already.`)
    return found
  }

  return {
    secrets,
    starts,
    get alive() {
      return [...processes.values()].filter((process) => process.alive).map((process) => process.start.key)
    },
    agent: processOf,
    print: (key, ...lines) => living(key).print(...lines),
    report: (key, report) => living(key).report(report),
    finish: (key, end) => living(key).finish(end),
    vanish: (key, end) => living(key).vanish(end),
    hide(key, why = 'hidden by the test') {
      processOf(key).hidden = why
    },
    show(key) {
      processOf(key).hidden = null
    },

    async start({ key, profile, directory, prompt, environment, resume = null, isReader = false, signal }) {
      signal.throwIfAborted()
      if (processes.has(key)) return failed('already-started')
      if (!installed(profile)) return failed('no-command', `${profile.argv[0]} was not found.`)
      const start: MemoryStart = { key, profile, directory, prompt, environment: { ...environment }, resume, isReader }
      const process = new MemoryProcess(start, { moved, now, elapsed })
      processes.set(key, process)
      starts.push(start)
      play(script, process)
      return ok({})
    },

    async check({ profile, signal }) {
      signal.throwIfAborted()
      return installed(profile) ? ok() : failed('no-command', `${profile.argv[0]} was not found.`)
    },

    async observe({ keys, signal }) {
      signal.throwIfAborted()
      const turns = new Map<ProcessKey, Turn>()
      for (const [key, process] of processes) if (process.isLive) turns.set(key, process.turn)
      for (const key of keys) turns.set(key, processes.get(key)?.turn ?? { is: 'never' })
      return turns
    },

    async stop({ key, signal }) {
      signal.throwIfAborted()
      return processes.get(key)?.stop() ?? 'stopped'
    },

    async send({ key, guidance, signal }) {
      signal.throwIfAborted()
      const process = processes.get(key)
      if (process === undefined || process.turn.is !== 'alive') return failed('not-live')
      if (!process.inbox.some((sent) => sent.key === guidance.key)) process.send(guidance)
      return ok()
    },

    async tail({ key, lines, signal }) {
      signal.throwIfAborted()
      return lines > 0 ? (processes.get(key)?.lines.slice(-lines) ?? []) : []
    },

    async forget({ prefixes, signal }) {
      signal.throwIfAborted()
      for (const [key, { turn }] of processes) {
        if (!prefixes.some((prefix) => key.startsWith(prefix))) continue
        if ((turn.is === 'ended' || turn.is === 'vanished') && !turn.survivors) processes.delete(key)
      }
    },

    async processes({ signal }) {
      signal.throwIfAborted()
      return new Map([...processes].map(([key, { turn }]): [ProcessKey, Turn] => [key, turn]))
    },

    watch({ onChange, signal }) {
      if (signal.aborted) return
      listeners.add(onChange)
      signal.addEventListener('abort', () => listeners.delete(onChange), { once: true })
    },
  }
}

function play(script: NonNullable<MemoryRunnerOptions['script']>, process: MemoryProcess): void {
  const end = (how: MemoryEnd | undefined) => {
    if (how !== undefined) process.finish(how)
  }
  const fail = (error: unknown) => {
    process.print(String(error))
    process.finish({ exit: 1 })
  }
  if (typeof script !== 'function') {
    end(script[process.start.key])
    return
  }
  try {
    const result = script(process.start, process)
    if (result instanceof Promise) void result.then(end).catch(fail)
    else end(result)
  } catch (error) {
    fail(error)
  }
}
