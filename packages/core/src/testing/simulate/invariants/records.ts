import type { Phase } from '../../../model/phase.ts'
import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** Where each phase may lead. */
const next: Readonly<Record<Phase, readonly Phase[]>> = {
  open: ['spawned', 'closed'],
  spawned: ['working', 'closed'],
  working: ['spawned', 'committed', 'closed'],
  committed: ['spawned', 'pr_created', 'closed'],
  pr_created: ['spawned', 'merged', 'closed'],
  merged: ['closed'],
  closed: ['open'],
}

/** 1 and 8: attempts only grow, every record moves along the table, and only a person reopens what is closed. */
export function records({ mirror, violate, setting }: Scene): Checker {
  return {
    after({ port, verb, options }, answer) {
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const id: string = options.id
      const after: RunState = options.next
      const before = mirror.states.get(id)
      if (before === undefined) {
        if (after.phase !== 'open' && after.phase !== 'spawned') violate(8, `${id} begins in phase ${after.phase}`)
        return
      }
      const [was, is] = [before.run, after.run]
      if (is.attempt < was.attempt || (is.attempt === was.attempt && is.turn < was.turn))
        violate(1, `${id} went back from turn ${was.attempt}.${was.turn} to ${is.attempt}.${is.turn}`)
      if (after.phase !== before.phase && !next[before.phase].includes(after.phase))
        violate(8, `${id} went from phase ${before.phase} to ${after.phase}`)
      const claimed = after.phase === 'spawned' && before.phase !== 'spawned'
      if (claimed && is.attempt === was.attempt && is.turn === was.turn)
        violate(1, `${id} was claimed again as turn ${is.attempt}.${is.turn}`)
      if (before.phase === 'closed' && after.phase === 'open') {
        if (!mirror.askedOf(id).some((request) => request.do === 'retry')) violate(8, `nobody asked to reopen ${id}`)
      }
      const { maxAttempts, landing } = setting.policy
      if (is.failures >= maxAttempts && is.wants === 'attempt' && is.failures > was.failures)
        violate(8, `${id} is tried again after its last attempt`)
      const [lost, lostBefore] = [lostIn(after), lostIn(before)]
      if (lost > lostBefore && lost >= maxAttempts && is.stuck === null)
        violate(8, `another reviewer of ${id} is asked after the last one`)
      const { maxRepairs = 2 } = landing ?? {}
      if (is.repairs > maxRepairs) violate(8, `${id} was sent back ${is.repairs} times, and ${maxRepairs} are allowed`)
    },
  }
}

function lostIn({ review }: RunState): number {
  return review?.reviewer?.lost ?? 0
}

/** Done needs positive evidence: exit 0 or a report, never commits alone; and nobody's open question is passed over. */
export function evidence({ mirror, ledger, violate, setting }: Scene): Checker {
  return {
    after({ port, verb, options }, answer) {
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const before = mirror.states.get(options.id)
      const after: RunState = options.next
      const seals = after.phase === 'committed' && before?.phase === 'working'
      const empty = after.outcome === 'no-changes' && before?.outcome == null
      if (!seals && !empty) return
      // The first turn of an epic is nobody's.
      const isGathered = Object.hasOwn(setting.policy.epics ?? {}, options.id) && after.run.turn === 1
      if (!isGathered && after.run.guidance.some(({ turn, isNews }) => turn === null && isNews !== true))
        violate(8, `${options.id} counts as done, and its agent was never told what a person has answered`)
      if (!isGathered && !ledger.isDone(options.id, after))
        violate(8, `${options.id} counts as done, and its agent never said so`)
      if (ledger.asks(options.id, after) && after.run.answered === 0)
        violate(8, `${options.id} counts as done, and nobody has answered its agent`)
    },
  }
}
