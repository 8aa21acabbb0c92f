import {
  contention,
  latestFinish,
  latestStart,
  mostSuccessors,
  type PriorityRule,
  rankWeight,
} from './priority-rules.ts'
import type { Schedules, Scheme } from './schedules.ts'

/** Tasks up to which a schedule costs so little that both schemes are tried, and every schedule is justified. */
const few = 300
/** Tasks, dependencies and exclusions up to which there is time for all rules, and for some of them. */
const small = 5000
const medium = 30_000
/** How far from the lower bound a schedule of still more may be, for another one not to be tried. */
const negligible = 1.001

const rules: readonly PriorityRule[] = [latestFinish, latestStart, contention, mostSuccessors, rankWeight]

/** Some schedules by well-known priority rules. There is at least one, whatever `enough` says. */
export function passes(schedules: Schedules, enough: () => boolean): void {
  const { forward, backward, bound } = schedules
  const volume = forward.size + forward.after.items.length + forward.excludes.items.length
  const chosen = volume <= small ? rules : volume <= medium ? rules.slice(0, 3) : rules.slice(1, 2)
  const schemes = forward.size <= few ? schedules.schemes : schedules.schemes.slice(0, 1)
  const start = new Float64Array(forward.size)
  for (const rule of chosen) {
    for (const instance of [forward, backward]) {
      const keys = rule(instance)
      for (const scheme of schemes) {
        let makespan = schedules.byRule(instance, scheme, keys, start)
        if (instance.reversed) makespan = schedules.turn(forward, scheme, start)
        if (enough()) return
        if (volume > medium && makespan <= bound * negligible) return
        if (forward.size <= few) improve(schedules, schemes.at(-1) ?? scheme, start, makespan)
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
