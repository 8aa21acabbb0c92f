import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import type { Rig } from './run-rig.ts'

const { signal } = new AbortController()

/** Each agent commits a line to its file, on top of what is there. */
export function addsALine(file: (id: string) => string, done: (id: string) => boolean = () => true) {
  return (vcs: MemoryVcs): AgentScript =>
    ({ directory, environment }) => {
      const id = environment.ORCH_TASK ?? ''
      if (environment.ORCH_ATTEMPT === undefined) return { exit: 0 }
      const path = file(id)
      vcs.edit(directory, { [path]: `${vcs.read(directory)[path] ?? ''}${id}\n` })
      return done(id) ? { exit: 0 } : undefined
    }
}

export async function target({ vcs }: Rig) {
  const { target: oid } = await vcs.observe({ landed: [], signal })
  return vcs.read(oid)
}

export const row = async ({ orch }: Rig, id: string) => (await orch.status()).tasks.find((task) => task.id === id)
