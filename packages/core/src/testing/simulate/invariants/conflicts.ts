import type { TaskId } from '../../../model/task.ts'
import type { Checker } from '../call.ts'
import type { Scene } from './scene.ts'

/** 8: when every run has ended, nobody whose changes conflict waits for somebody who waits for them. */
export function conflicts({ setting, mirror, violate }: Scene): Checker {
  /** For whom it waits, as far as that is still under way. */
  function firstOf(id: TaskId): readonly TaskId[] {
    const state = mirror.states.get(id)
    if (state === undefined || state.run.wants === null || state.outcome !== null) return []
    return (state.run.conflicts ?? []).flatMap((one) => (one.goesFirst || one.with === null ? [] : [one.with]))
  }

  return {
    atRest() {
      if (setting.policy.onConflict !== 'pause') return
      for (const id of mirror.states.keys()) {
        const before = new Set(firstOf(id))
        // A set that grows is walked to its new end.
        for (const one of before) for (const next of firstOf(one)) before.add(next)
        if (before.has(id)) violate(8, `${id} waits for itself: ${[...before].join(', ')}`)
      }
    },
  }
}
