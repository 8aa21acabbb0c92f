import { turnKey } from '../model/process-key.ts'
import type { KnownConflict, RunRecord } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import type { Action } from './action.ts'
import { isComparedWith, waitsForConflict } from './apart.ts'
import * as moves from './moves.ts'
import { stopped } from './person-moves.ts'
import { write } from './turn.ts'
import type { Sight } from './world.ts'

/**
 * What was found out about its conflicts, against what its record knows of them. New ones are told to its agent, once for each file; what is over is
 * forgotten. Nothing is concluded about what was not looked at, and nothing is said to whom a person is to answer.
 */
export function decideConflicts({ world }: Sight, record: RunRecord): Action | null {
  const { id, state } = record
  const { conflicts } = world
  if (conflicts === null || state.outcome !== null || state.run.stuck !== null || !conflicts.seen.has(id)) return null
  const known = state.run.conflicts ?? []
  const found = conflicts.found.flatMap((conflict): readonly KnownConflict[] => {
    const files = conflict.files.map(({ path }) => path)
    if (conflict.task === id) return [{ with: conflict.with, goesFirst: false, files }]
    return conflict.with === id ? [{ with: conflict.task, goesFirst: true, files }] : []
  })
  const unseen = known.filter(
    (one) =>
      one.with !== null && isComparedWith(world, one.with) && !conflicts.seen.has(one.with) && !metIn(found, one.with),
  )
  const next = [...found.map((one) => joined(one, metIn(known, one.with))), ...unseen]
  const news = new Set(found.filter((one) => !isCovered(one, metIn(known, one.with))).map((one) => one.with))
  if (news.size > 0) {
    const untold = conflicts.found.filter(
      ({ task, with: first }) => (task === id && news.has(first)) || (first === id && news.has(task)),
    )
    return { do: 'tell-conflicts', id, record, next, found: untold }
  }
  if (JSON.stringify(next) === JSON.stringify(known)) return null
  return write(record, moves.knowsConflicts(state, { owner: world.owner, at: world.now }, next))
}

function metIn(conflicts: readonly KnownConflict[], id: TaskId | null): KnownConflict | undefined {
  return conflicts.find((one) => one.with === id)
}

function isCovered({ files }: KnownConflict, by: KnownConflict | undefined): boolean {
  return by !== undefined && files.every((file) => by.files.includes(file))
}

/** With what was told already: a file that comes and goes is told once. */
function joined(one: KnownConflict, before: KnownConflict | undefined): KnownConflict {
  return { ...one, files: [...new Set([...(before?.files ?? []), ...one.files])].sort() }
}

/** Of a task whose agent is at work, or about to be: tells it, or keeps it apart. What has ended goes its way. */
export function decideMet(sight: Sight, record: RunRecord): Action | null {
  const { id, state } = record
  const turn = sight.world.turns.get(turnKey(id, state.run.attempt, state.run.turn))
  if (turn?.is !== 'alive' && turn?.is !== 'never') return null
  return decideConflicts(sight, record) ?? decideApart(sight, record, turn)
}

/** Its agent would go on with what has to be done again: stopped, what it did is kept, and no failure. */
function decideApart(sight: Sight, record: RunRecord, turn: Turn): Action | null {
  const { world, policy } = sight
  const { id, state } = record
  const first = waitsForConflict(world, policy, state)
  if (first === null || state.run.stuck !== null) return null
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const why = `stopped because its changes conflict with those of ${first}, which goes first`
  if (turn.is === 'never')
    return write(record, stopped(state, { owner: world.owner, at: world.now }, state.branch?.before ?? null, why))
  return { do: 'set-aside', id, record, key, why }
}
