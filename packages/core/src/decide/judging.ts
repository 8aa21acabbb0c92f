import type { ProcessKey } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import { isLive } from '../model/turn.ts'
import { checkKeysOf, liveChecks, seesChecks } from './checking.ts'
import { reviewerOf } from './reviewing.ts'
import type { Sight } from './world.ts'

type Judged = Pick<RunRecord, 'id' | 'state'>

/** Everything that may run to judge a change: its reviewer and its checks. */
export function judgingKeysOf(sight: Pick<Sight, 'policy'>, record: Judged): readonly ProcessKey[] {
  const reviewer = reviewerOf(record)
  return [...(reviewer === null ? [] : [reviewer]), ...checkKeysOf(sight, record)]
}

/** What of that may still run, or has left processes behind; nobody would look after it once the record has moved on. */
export function liveJudging(sight: Sight, record: Judged): ProcessKey | null {
  const reviewer = reviewerOf(record)
  const turn = reviewer === null ? undefined : sight.world.turns.get(reviewer)
  return turn !== undefined && isLive(turn) ? reviewer : liveChecks(sight, record)
}

/** False while the runner does not say what became of it: it may run. */
export function seesJudging(sight: Sight, record: Judged): boolean {
  const reviewer = reviewerOf(record)
  return (reviewer === null || sight.world.turns.has(reviewer)) && seesChecks(sight, record)
}
