import {
  contention,
  latestFinish,
  latestStart,
  mostSuccessors,
  type PriorityRule,
  rankWeight,
} from './priority-rules.ts'
import type { Schedules } from './schedules.ts'

/** Tasks and dependencies up to which there is time for all rules, and for each rule both directions. */
const small = 3000
const medium = 30_000

const rules: readonly PriorityRule[] = [latestFinish, latestStart, contention, mostSuccessors, rankWeight]

/** Some schedules by well-known priority rules. There is at least one, whatever `enough` says. */
export function passes(schedules: Schedules, enough: () => boolean): void {
  const { forward, backward, serial } = schedules
  const volume = forward.size + forward.after.items.length
  const chosen = volume <= small ? rules : volume <= medium ? rules.slice(0, 3) : rules.slice(1, 2)
  const start = new Float64Array(forward.size)
  for (const rule of chosen) {
    for (const instance of [forward, backward]) {
      const keys = rule(instance)
      let makespan = schedules.parallel(instance, keys, start)
      if (instance.reversed) makespan = schedules.justifyLeft(start, false)
      if (enough()) return
      if (!serial) continue
      improve(schedules, start, makespan)
      makespan = schedules.serialByRule(instance, keys, start)
      if (instance.reversed) makespan = schedules.justifyLeft(start, true)
      improve(schedules, start, makespan)
      if (enough()) return
    }
  }
}

/** Justifies as long as that makes it shorter. */
function improve(schedules: Schedules, start: Float64Array, makespan: number): void {
  let shortest = makespan
  for (;;) {
    const justified = schedules.justify(start, shortest, true)
    if (justified >= shortest) return
    shortest = justified
  }
}
