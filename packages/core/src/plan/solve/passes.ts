import {
  contention,
  latestFinish,
  latestStart,
  mostSuccessors,
  type PriorityRule,
  rankWeight,
} from './priority-rules.ts'
import type { Schedules, Scheme } from './schedules.ts'

/** Tasks and dependencies up to which there is time for all rules, and for some of them. */
const small = 3000
const medium = 30_000

const rules: readonly PriorityRule[] = [latestFinish, latestStart, contention, mostSuccessors, rankWeight]

/** Some schedules by well-known priority rules. There is at least one, whatever `enough` says. */
export function passes(schedules: Schedules, enough: () => boolean): void {
  const { forward, backward, schemes } = schedules
  const volume = forward.size + forward.after.items.length
  const chosen = volume <= small ? rules : volume <= medium ? rules.slice(0, 3) : rules.slice(1, 2)
  const start = new Float64Array(forward.size)
  for (const rule of chosen) {
    for (const instance of [forward, backward]) {
      const keys = rule(instance)
      for (const scheme of schemes) {
        let makespan = schedules.byRule(instance, scheme, keys, start)
        if (instance.reversed) makespan = schedules.turn(forward, scheme, start)
        if (enough()) return
        if (volume <= small) improve(schedules, schemes.at(-1) ?? scheme, start, makespan)
        if (enough()) return
      }
    }
  }
}

/** Justifies as long as that makes it shorter. */
function improve(schedules: Schedules, scheme: Scheme, start: Float64Array, makespan: number): void {
  let shortest = makespan
  for (;;) {
    const justified = schedules.justify(scheme, start, shortest)
    if (justified >= shortest) return
    shortest = justified
  }
}
