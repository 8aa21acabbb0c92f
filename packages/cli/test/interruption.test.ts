import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testAgent } from './agent.ts'
import { prepared } from './prepared.ts'
import { isAlive, main } from './rig.ts'

const slow = '- { id: slow, title: Take your time, writes: [slow.txt] }\n'
const words = [process.execPath, '--conditions=@orch/source', main, 'run']
/** The program of util-linux that gives another one a terminal. */
const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

interface Running {
  /** Resolves when the run has said this on its way. */
  said(text: string): Promise<void>
  readonly ended: Promise<{ readonly exit: number; readonly output: string }>
  interrupt(signal?: NodeJS.Signals): void
}

/** A run in `root`; on a terminal it is interrupted by the key, otherwise by the signal. */
function start(root: string, on: 'pipe' | 'terminal'): Running {
  const [program = '', ...rest] =
    on === 'pipe' ? words : ['script', '-qefc', words.map((word) => `'${word}'`).join(' '), '/dev/null']
  const child = spawn(program, rest, { cwd: root })
  let output = ''
  let waiting: { text: string; then: () => void }[] = []
  const hear = (data: unknown): void => {
    output += String(data)
    for (const { then } of waiting.filter(({ text }) => output.includes(text))) then()
    waiting = waiting.filter(({ text }) => !output.includes(text))
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<{ exit: number; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ exit: code ?? -1, output }))
  })
  return {
    ended,
    said: async (text) => {
      const heard = new Promise<void>((then) => {
        if (output.includes(text)) then()
        else waiting.push({ text, then })
      })
      const early = ended.then(() => {
        if (!output.includes(text)) throw new Error(`the run ended before it said "${text}":\n${output}`)
      })
      await Promise.race([heard, early])
    },
    interrupt: (signal = 'SIGINT') => (on === 'pipe' ? child.kill(signal) : child.stdin.write('\u0003')),
  }
}

/** A repository with a run whose agent is at work. */
async function atWork(on: 'pipe' | 'terminal') {
  const agent = testAgent()
  const { root, call } = await prepared({ agent: agent.command, tasks: slow })
  const run = start(root, on)
  await run.said('agent started')
  const pidFile = join(agent.folder, 'slow.pid')
  await agent.isThere('slow')
  return { agent, root, call, run, pid: () => Number(readFileSync(pidFile, 'utf8')) }
}

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('(%s) leaves the agents to the next run', async (signal) => {
    const { agent, root, call, run, pid } = await atWork('pipe')
    run.interrupt(signal)
    const { exit, output } = await run.ended
    expect(exit).toBe(130)
    expect(output).toContain('Interrupted: no new work is started.')
    expect(output).toContain('Its agent keeps running: slow. The next orch run takes it over.')
    const first = pid()
    expect(isAlive(first)).toBe(true)
    agent.letGo()
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(pid()).toBe(first)
    expect(existsSync(join(root, 'slow.txt'))).toBe(true)
  })

  it.skipIf(!hasTerminal)('twice stops them', async () => {
    const { agent, call, run, pid } = await atWork('terminal')
    run.interrupt()
    await run.said('Its agent keeps running: slow.')
    run.interrupt()
    const { exit, output } = await run.ended
    expect(exit).toBe(130)
    expect(output).toContain('Ctrl-C again stops the agents, too.')
    expect(output).toContain('Stopped: slow.')
    expect(isAlive(pid())).toBe(false)
    agent.letGo()
    expect(await call('run')).toMatchObject({ exit: 0 })
  })
})
