import { mkdtempSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AgentRunner, command, type ProcessKey, type Turn } from '@orch/core'
import type { AgentBehaviour, AgentRunnerRig } from '@orch/core/testing'
import { onTestFinished } from 'vitest'
import { processRunner } from '../src/process/process-runner.ts'

export const signal: AbortSignal = new AbortController().signal

/** A runner on a directory of its own; whatever it started is killed at the end. */
export interface ProcessRig extends AgentRunnerRig {
  /** Where the runner keeps its folders. */
  readonly processes: string
  /** Starts `sh -c script` under `key`. */
  run(
    key: ProcessKey,
    script: string,
    more?: Partial<Parameters<AgentRunner['start']>[0]>,
  ): ReturnType<AgentRunner['start']>
  turn(key: ProcessKey): Promise<Turn>
  /** Observes until it is so. */
  seen(key: ProcessKey, enough: (turn: Turn) => boolean): Promise<Turn>
  over(key: ProcessKey): Promise<Turn>
  log(key: ProcessKey): Promise<string>
  pid(key: ProcessKey): Promise<number>
}

export function processRig(
  environment: Record<string, string | undefined> = process.env,
  secrets: readonly string[] = [],
): ProcessRig {
  const directory = mkdtempSync(join(tmpdir(), 'orch process '))
  const processes = join(directory, 'processes')
  const runner = processRunner({ directory: processes, environment, secrets })
  const turn = async (key: ProcessKey): Promise<Turn> =>
    (await runner.observe({ keys: [key], signal })).get(key) ?? { is: 'unknown', why: 'left out' }
  const seen = (key: ProcessKey, enough: (turn: Turn) => boolean) => waitFor(() => turn(key), enough)
  const pid = async (key: ProcessKey) => Number((await readFile(join(processes, '.claims', key), 'utf8')).split(' ')[1])
  return {
    runner,
    again: () => processRunner({ directory: processes, environment }),
    directory,
    processes,
    agent: (behaviour) => command({ argv: ['sh', '-c', scriptOf(behaviour)] }),
    missing: command({ argv: ['orch-test-no-such-program'] }),
    kill: async (key) => void process.kill(-(await pid(key)), 'SIGKILL'),
    async inbox(key) {
      const inbox = join(processes, key, 'inbox')
      const names = (await readdir(inbox)).sort()
      return Promise.all(names.map((name) => readFile(join(inbox, name), 'utf8')))
    },
    run: (key, script, more = {}) =>
      runner.start({
        key,
        profile: command({ argv: ['sh', '-c', script] }),
        directory,
        prompt: '',
        environment: {},
        signal,
        ...more,
      }),
    turn,
    seen,
    over: (key) => seen(key, ({ is }) => is === 'ended' || is === 'vanished'),
    log: (key) => readFile(join(processes, key, 'log'), 'utf8'),
    pid,
    async [Symbol.asyncDispose]() {
      await mkdir(join(processes, '.claims'), { recursive: true })
      const keys = await readdir(join(processes, '.claims'))
      await Promise.all(keys.map((key) => runner.stop({ key, graceMs: 0, signal })))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A rig that is disposed of when the test is over. */
export function rigged(...given: Parameters<typeof processRig>): ProcessRig {
  const rig = processRig(...given)
  onTestFinished(async () => rig[Symbol.asyncDispose]?.())
  return rig
}

function scriptOf({ printsPrompt, prints = [], reports = [], ends }: AgentBehaviour): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  return [
    ends === 'when-killed' ? "trap '' TERM" : '',
    printsPrompt ? 'cat "$ORCH_PROMPT_FILE"; echo; echo "$ORCH_TASK"' : '',
    ...prints.map((line) => `printf '%s\\n' ${quoted(line)}`),
    ...reports.map((report) => `printf '%s\\n' ${quoted(JSON.stringify(report))} >>"$ORCH_OUTBOX"`),
    typeof ends === 'object'
      ? `exit ${ends.exit}`
      : ends === 'leaving-child'
        ? 'sleep 1000 & exit 0'
        : ends === 'when-stopped'
          ? 'exec sleep 1000'
          : 'sleep 1000',
  ].join('\n')
}

/** Looks until it is enough; fails with the last look after 20 seconds. */
export async function waitFor<T>(look: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const value = await look()
    if (enough(value)) return value
    if (performance.now() > deadline) throw new Error(`Waited in vain; last seen: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
