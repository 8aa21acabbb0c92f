import * as moves from '../decide/person-moves.ts'
import * as reviews from '../decide/review-moves.ts'
import { reviewerOf } from '../decide/reviewing.ts'
import { atWork } from '../decide/standing.ts'
import { type ProcessKey, turnKey } from '../model/process-key.ts'
import type { RunRecord, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { graceMs } from './effects/effect.ts'
import type { Setup } from './ports.ts'

/**
 * Stops the agents of this owner, reviewers included, keeps what they did, and lets their tasks wait for another attempt, or another reviewer, that is not counted as a
 * failure.
 */
export async function stopOwnAgents(setup: Setup, signal: AbortSignal): Promise<readonly TaskId[]> {
  const { ports, owner } = setup
  const { records } = await ports.queue.read({ signal })
  const own = records.filter(({ state }) => state.run.owner === owner && state.outcome === null)
  const stopped = await Promise.all(
    own.map(async (record) => {
      const { id, state } = record
      const key = agentOf(record)
      if (key === null) return null
      const turn = (await ports.runner.observe({ keys: [key], signal })).get(key)
      if (turn?.is !== 'alive') return null
      if ((await ports.runner.stop({ key, graceMs, signal })) === 'survivors') return null
      const next = await withoutAgent(setup, state, signal)
      const written = await ports.queue.write({ id, expect: record.version, next, signal })
      return written.ok ? id : null
    }),
  )
  return stopped.filter((id) => id !== null)
}

function agentOf(record: RunRecord): ProcessKey | null {
  const { id, state } = record
  return atWork(state) ? turnKey(id, state.run.attempt, state.run.turn) : reviewerOf(record)
}

async function withoutAgent({ ports, owner }: Setup, state: RunState, signal: AbortSignal): Promise<RunState> {
  const mover = { owner, at: new Date(ports.clock.now()).toISOString() }
  if (!atWork(state)) return reviews.reviewerStopped(state, mover)
  const workspace = state.branch?.workspace
  const kept = workspace === undefined ? null : await ports.vcs.preserve({ workspace, as: workspace, signal })
  return moves.stopped(state, mover, kept?.ok === true ? kept.value.oid : null)
}
