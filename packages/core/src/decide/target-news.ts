import { turnKey } from '../model/process-key.ts'
import type { RunRecord, RunState } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Action, TargetNews } from './action.ts'
import { targetOf } from './targets.ts'
import type { Sight } from './world.ts'

/** What a turn that follows others begins with; null where its branch has all that the target has, or the policy says nothing. */
export function newsForTurn({ world, policy }: Sight, state: RunState): TargetNews | null {
  const { branch, run } = state
  if (policy.onTargetMoved === 'never' || world.vcs === null || branch === null) return null
  if (run.attempt === 1 && run.turn === 1) return null
  const target = targetOf(world.vcs, state)
  const have = branch.before ?? branch.head ?? branch.base
  return target === undefined || have === target ? null : { have, target }
}

/** Of a task whose agent is at work and waits for nobody. Whose files nobody knows, nobody can tell what is about them. */
export function decideTargetNews(sight: Sight, task: Task, record: RunRecord): Action | null {
  const { world, policy } = sight
  const { id, state } = record
  const { run } = state
  if (policy.onTargetMoved !== 'in-scope' || world.vcs === null || task.kind === 'sync') return null
  const turn = world.turns.get(turnKey(id, run.attempt, run.turn))
  if (state.phase !== 'working' || run.stuck !== null || turn?.is !== 'alive') return null
  const have = run.knownTarget ?? null
  const target = targetOf(world.vcs, state)
  if (target === undefined) return null
  const isKnown = have === null || have === target || (task.writes === undefined && task.reads === undefined)
  return isKnown ? null : { do: 'tell-target', id, record, task, news: { have, target } }
}
