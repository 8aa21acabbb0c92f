import * as moves from '../decide/person-moves.ts'
import { atWork } from '../decide/standing.ts'
import { turnKey } from '../model/process-key.ts'
import type { TaskId } from '../model/task.ts'
import { graceMs } from './effects/effect.ts'
import type { Setup } from './ports.ts'

/** Stops the agents of this owner, keeps what they did, and lets their tasks wait for another attempt that is not counted as a failure. */
export async function stopOwnAgents({ ports, owner }: Setup, signal: AbortSignal): Promise<readonly TaskId[]> {
  const { records } = await ports.queue.read({ signal })
  const own = records.filter(({ state }) => atWork(state) && state.run.owner === owner && state.outcome === null)
  const stopped = await Promise.all(
    own.map(async (record) => {
      const { id, state } = record
      const key = turnKey(id, state.run.attempt, state.run.turn)
      const turn = (await ports.runner.observe({ keys: [key], signal })).get(key)
      if (turn?.is !== 'alive') return null
      if ((await ports.runner.stop({ key, graceMs, signal })) === 'survivors') return null
      const workspace = state.branch?.workspace
      const kept = workspace === undefined ? null : await ports.vcs.preserve({ workspace, as: workspace, signal })
      const mover = { owner, at: new Date(ports.clock.now()).toISOString() }
      const next = moves.stopped(state, mover, kept?.ok === true ? kept.value.oid : null)
      const written = await ports.queue.write({ id, expect: record.version, next, signal })
      return written.ok ? id : null
    }),
  )
  return stopped.filter((id) => id !== null)
}
