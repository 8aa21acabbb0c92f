import * as moves from '../decide/moves.ts'
import { turnKey } from '../model/process-key.ts'
import type { TaskId } from '../model/task.ts'
import type { Setup } from './ports.ts'

const graceMs = 5000

/** Stops the agents of this owner, keeps what they did, and lets their tasks wait for another attempt that is not counted as a failure. */
export async function stopOwnAgents({ ports, owner }: Setup, signal: AbortSignal): Promise<readonly TaskId[]> {
  const { records } = await ports.queue.read({ signal })
  const own = records.filter(({ state }) => {
    const atWork = state.phase === 'spawned' || state.phase === 'working'
    return atWork && state.run.owner === owner && state.run.wants === null && state.outcome === null
  })
  const stopped = await Promise.all(
    own.map(async (record) => {
      const { id, state } = record
      const key = turnKey(id, state.run.attempt, state.run.turn)
      const turn = (await ports.runner.observe({ keys: [key], signal })).get(key)
      if (turn?.is !== 'alive') return null
      if ((await ports.runner.stop({ key, graceMs, signal })) === 'survivors') return null
      const workspace = state.branch?.workspace
      if (workspace !== undefined) await ports.vcs.preserve({ workspace, as: workspace, signal })
      const mover = { owner, at: new Date(ports.clock.now()).toISOString() }
      await ports.queue.write({ id, expect: record.version, next: moves.stopped(state, mover), signal })
      return id
    }),
  )
  return stopped.filter((id) => id !== null)
}
