import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentsAtWork } from './agents.ts'

/** Passes until a task says that its agent, killed with all that belongs to it, is dead. */
export async function passesToNotice(): Promise<number> {
  await using work = await agentsAtWork(1, 1)
  const pid = readFileSync(join(work.folder, 't0.pid'), 'utf8').trim()
  const group = Number(execFileSync('ps', ['-o', 'pgid=', '-p', pid], { encoding: 'utf8' }))
  process.kill(-group, 'SIGKILL')
  for (let passes = 1; ; passes++) {
    await work.orch.pass()
    const { tasks } = await work.orch.status()
    if (tasks[0]?.status === 'stuck') return passes
    if (passes === 100) throw new Error('a dead agent was never noticed')
  }
}
