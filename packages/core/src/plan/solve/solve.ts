import type { Project, Timetable } from '../project.ts'
import { instanceOf } from './instance.ts'
import { passes } from './passes.ts'
import { randomOf } from './random.ts'
import { Schedules } from './schedules.ts'
import { search } from './search.ts'

export interface Effort {
  /** How many schedules may be made beyond those of the default; 0. */
  readonly iterations?: number
  /** The same seed gives the same timetable; 0. */
  readonly seed?: number
  /** Once aborted, the best so far is answered. */
  readonly signal?: AbortSignal
}

/**
 * Places the tasks of `project` in time so that the last one ends early: the best of some passes, then of a search if there is effort
 * for it. No task could start earlier while all others stay.
 *
 * A task takes its resources from its start to before its end. One that takes no time needs a moment in which it does not lie inside
 * of what excludes it or leaves too little. Where priorities differ, or such a task demands anything, nothing ever waits that could
 * start; otherwise a unit may stay free for a task that is worth it.
 */
export function solve(project: Project, effort: Effort = {}): Timetable {
  const instance = instanceOf(project)
  if (instance.size === 0) return { start: new Float64Array(), makespan: 0 }
  const { iterations = 0, seed = 0, signal } = effort
  const schedules = new Schedules(instance)
  const enough = () => schedules.proven || signal?.aborted === true
  passes(schedules, enough)
  if (iterations > 0 && !enough()) search(schedules, iterations, randomOf(seed), enough)
  return { start: schedules.best, makespan: schedules.makespan }
}
