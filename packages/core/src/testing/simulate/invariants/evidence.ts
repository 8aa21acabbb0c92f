import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** Done needs positive evidence: exit 0 or a report, never commits alone; and nobody's open question is passed over. */
export function evidence({ mirror, ledger, violate }: Scene): Checker {
  return {
    after({ port, verb, options }, answer) {
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const before = mirror.states.get(options.id)
      const after: RunState = options.next
      const seals = after.phase === 'committed' && before?.phase === 'working'
      const empty = after.outcome === 'no-changes' && before?.outcome == null
      if (!seals && !empty) return
      if (after.run.guidance.some(({ turn }) => turn === null))
        violate(8, `${options.id} counts as done, and its agent was never told what a person has answered`)
      if (!ledger.isDone(options.id, after)) violate(8, `${options.id} counts as done, and its agent never said so`)
      if (ledger.asks(options.id, after) && after.run.answered === 0)
        violate(8, `${options.id} counts as done, and nobody has answered its agent`)
    },
  }
}
