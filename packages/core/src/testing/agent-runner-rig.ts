import { turnKey } from '../model/process-key.ts'
import type { AgentProfile } from '../model/profile.ts'
import type { Report } from '../model/report.ts'
import type { Turn } from '../model/turn.ts'
import type { AgentRunner } from '../ports/agent-runner.ts'
import { disposeOf, itUnless, type TestFramework } from './suite.ts'

/** What an agent of the suite does, in this order. */
export interface AgentBehaviour {
  /** Prints the prompt that it finds, and the value of `ORCH_TASK`. Default false. */
  readonly printsPrompt?: boolean
  readonly prints?: readonly string[]
  readonly reports?: readonly Report[]
  /** `leaving-child`: with exit 0, while a child of it lives on. */
  readonly ends: 'when-stopped' | 'when-killed' | 'leaving-child' | { readonly exit: number }
}

/** What an adapter brings to its suite, new for each test. */
export interface AgentRunnerRig extends Partial<AsyncDisposable & Disposable> {
  readonly runner: AgentRunner
  /** The same processes, seen by a runner that was made later, as after a crash. */
  again(): AgentRunner
  /** An existing directory for agents to work in; absolute. */
  readonly directory: string
  /** A program that behaves so. */
  agent(behaviour: AgentBehaviour): AgentProfile
  /** A program that is not there. */
  readonly missing: AgentProfile
  /** Kills the process and whatever would record its end. */
  kill(key: string): Promise<void> | void
  /** The guidance that the agent finds, in its order. */
  inbox(key: string): Promise<readonly string[]>
}

export const key = turnKey('task', 1, 1)
export const signal: AbortSignal = new AbortController().signal

/** One rig at work. */
export interface RigAtWork extends AgentRunnerRig {
  start(
    behaviour: AgentBehaviour,
    more?: { readonly runner?: AgentRunner; readonly resume?: string },
  ): ReturnType<AgentRunner['start']>
  turn(runner?: AgentRunner): Promise<Turn>
  /** Looks until it is so. */
  seen(enough: (turn: Turn) => boolean, runner?: AgentRunner): Promise<Turn>
  stop(): Promise<'stopped' | 'survivors'>
  tail(lines: number): Promise<readonly string[]>
}

/** Runs `body` with a new rig and ends whatever it left running. `lack`: why an adapter cannot do it. */
export function rigTest(
  framework: TestFramework,
  factory: () => Promise<AgentRunnerRig> | AgentRunnerRig,
): (name: string, body: (rig: RigAtWork) => Promise<void>, lack?: string) => void {
  return (name, body, lack) =>
    itUnless(framework, lack, name, async () => {
      const rig = await factory()
      try {
        await body(atWork(rig))
      } finally {
        await rig.runner.stop({ key, graceMs: 0, signal })
        await disposeOf(rig)
      }
    })
}

function atWork(rig: AgentRunnerRig): RigAtWork {
  const turn = async (runner = rig.runner): Promise<Turn> =>
    (await runner.observe({ keys: [key], signal })).get(key) ?? { is: 'unknown', why: 'observe left it out' }
  return Object.assign(Object.create(rig), {
    start(behaviour, { runner = rig.runner, ...rest } = {}) {
      const environment = { ORCH_TASK: 'task' }
      const profile = rig.agent(behaviour)
      return runner.start({
        key,
        profile,
        directory: rig.directory,
        prompt: 'the prompt',
        environment,
        signal,
        ...rest,
      })
    },
    turn,
    seen: (enough, runner) => until(() => turn(runner), enough),
    stop: () => rig.runner.stop({ key, graceMs: 10_000, signal }),
    tail: (lines) => rig.runner.tail({ key, lines, signal }),
  } satisfies Omit<RigAtWork, keyof AgentRunnerRig>)
}

/** Looks until it is enough; fails with the last look after 20 seconds. */
export async function until<T>(look: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const value = await look()
    if (enough(value)) return value
    if (performance.now() > deadline) throw new Error(`Waited in vain; last seen: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
