import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 8: what the remote refused alone waits for a person; what it did not answer to waits for the remote, and for nobody. */
export function pushes({ setting, mirror, vcs, violate }: Scene): Checker {
  const bases = new Map<string, string>()
  const tasks = new Map<string, string>()
  const refused = new Map<string, number>()
  const away = new Set<string>()
  // Whoever dies or is paused in between may well try once more.
  const isCertain = setting.faultRate === 0

  function pushed(commit: string, base: string, answer: unknown): void {
    const { reason = null } = answer as { readonly reason?: string | null }
    if (reason === 'unreachable') away.add(commit)
    else away.delete(commit)
    if (reason !== 'rejected' || bases.get(commit) !== base || !isCertain) return
    const times = (refused.get(commit) ?? 0) + 1
    refused.set(commit, times)
    const task = tasks.get(commit) ?? ''
    const asked = mirror.askedOf(task).filter((request) => request.do === 'land').length
    if (times > 1 + asked) violate(8, `${task} was pushed again, and nobody has said so since it was refused`)
  }

  function asks(id: string, { phase, run, review }: RunState): void {
    // One that has gone back to its agent may fail there.
    if (phase !== 'pr_created') return
    const isNew = run.stuck?.by === 'orch' && mirror.states.get(id)?.run.stuck == null
    const { commit = '', base = '' } = review?.candidate ?? {}
    // On another target it may conflict, and who closes a review asks by that.
    const isWaiting = away.has(commit) && base === vcs.branches().get(vcs.target) && !setting.hasReviewHost
    if (isNew && isWaiting) violate(8, `a person is asked about ${id}, whose remote is away`)
  }

  return {
    after({ port, verb, options }, answer) {
      if (port === 'vcs' && verb === 'buildCandidate' && isOk(answer)) {
        const { commit } = (answer as { readonly value: { readonly commit: string } }).value
        bases.set(commit, options.base)
        tasks.set(commit, mirror.candidateOf(options))
      }
      if (port === 'vcs' && verb === 'land') pushed(options.commit, options.expect, answer)
      if (port === 'queue' && verb === 'write' && isOk(answer)) asks(options.id, options.next)
    },
  }
}
