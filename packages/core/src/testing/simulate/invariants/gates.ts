import type { Review } from '../../../model/review.ts'
import type { RunState } from '../../../model/run-state.ts'
import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import { isClaim } from './claim.ts'
import type { Scene } from './scene.ts'

const refusals: ReadonlySet<Review['state']> = new Set(['changes-requested', 'closed'])

/** 3: where the policy says so, nothing begins while a task of the same epic is stuck. Who reads what is old may not know. */
export function failures({ mirror, setting, violate }: Scene): Checker {
  const { onFailure } = setting.policy
  const stuckAt = new Map<string, number>()

  function begins({ actor, options }: Call): void {
    const isNew = (mirror.states.get(options.id)?.phase ?? 'open') === 'open'
    if (onFailure !== 'stop' && !isNew) return
    const epic = mirror.tasks.get(options.id)?.epic
    const readAt = mirror.readAt.get(actor.name) ?? 0
    const stuck = [...stuckAt].find(([id, at]) => at < readAt && mirror.tasks.get(id)?.epic === epic)
    if (stuck !== undefined) violate(3, `${options.id} was claimed while ${stuck[0]} is stuck`)
  }

  return {
    after(call, answer) {
      const { port, verb, options } = call
      if (setting.faultRate > 0 || port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      if (isClaim(call) && onFailure !== 'continue') begins(call)
      const { run, outcome }: RunState = options.next
      if (run.stuck === null || outcome !== null) stuckAt.delete(options.id)
      else if (!stuckAt.has(options.id)) stuckAt.set(options.id, mirror.clock.elapsed())
    },
  }
}

/** 5: what a review host says no to does not land, once whoever lands was told so twice: of the first time it may have been on its way. */
export function reviews({ mirror, violate }: Scene): Checker {
  const told = new Map<string, Map<string, { readonly head: string; readonly state: string; readonly times: number }>>()

  return {
    issued({ actor, port, verb, options }) {
      if (!(port === 'vcs' && verb === 'land') && verb !== 'merge') return
      for (const [id, { branch, review }] of mirror.states) {
        const said = told.get(actor.name)?.get(branch?.name ?? '')
        if (said === undefined || said.times < 2 || said.head !== branch?.head) continue
        if (verb === 'merge' ? branch?.name === options.branch : review?.candidate?.commit === options.commit)
          violate(5, `${id} is landed, and its review says ${said.state}`)
      }
    },
    after({ actor, port, verb }, answer) {
      if (port !== 'review' || verb !== 'observe') return
      const before = told.get(actor.name)
      const refused = [...(answer as ReadonlyMap<string, Review>)].filter(([, { state }]) => refusals.has(state))
      const now = refused.map(([branch, { head, state }]) => {
        const last = before?.get(branch)
        const times = last?.head === head && last.state === state ? last.times + 1 : 1
        return [branch, { head, state, times }] as const
      })
      told.set(actor.name, new Map(now))
    },
  }
}
