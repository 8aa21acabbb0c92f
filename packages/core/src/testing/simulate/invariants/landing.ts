import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 5, 6 and 9: what lands is what was tested and let through, once, from the base that it was tested on, and around the user's own edits. */
export function landing({ mirror, ledger, vcs, violate, setting }: Scene): Checker {
  const built = new Map<string, { readonly task: string; readonly base: string; readonly tree: string }>()
  const landed = new Map<string, number>()
  let target = ''
  let userFiles: Readonly<Record<string, string>> = {}
  const head = (): string => vcs.branches().get(vcs.target) ?? ''
  const dirty = (): readonly string[] => {
    const committed = vcs.read(target)
    return Object.keys(userFiles).filter((path) => userFiles[path] !== committed[path])
  }

  function lands(commit: string): void {
    const candidate = built.get(commit)
    if (candidate === undefined) {
      violate(5, `${commit} landed, and nobody built it`)
      return
    }
    const { task, base, tree } = candidate
    if (!vcs.ancestors(head()).has(target)) violate(6, `the target left ${target} behind`)
    if (base !== target) violate(6, `${task} was built on ${base} and landed on ${target}`)
    const { landing: how } = setting.policy
    if ((how?.checks?.length ?? 0) > 0 && !ledger.isGreen(tree))
      violate(5, `${task} landed a tree that no checks passed on`)
    const letThrough = how?.by === 'orchestrator' || mirror.askedOf(task).some((request) => request.do === 'land')
    if (!letThrough) violate(5, `${task} landed, and no person let it`)
    const name = `${task} ${mirror.states.get(task)?.run.attempt}.${mirror.states.get(task)?.run.turn}`
    landed.set(name, (landed.get(name) ?? 0) + 1)
    if ((landed.get(name) ?? 0) > 1) violate(9, `${name} landed twice`)
  }

  function isThere(id: string, state: RunState): boolean {
    const commit = state.review?.landed?.commit
    if (commit !== undefined) return vcs.ancestors(head()).has(commit)
    return mirror.closedByPeople.has(id) || state.outcome === 'no-changes'
  }

  return {
    before({ port }) {
      if (port !== 'vcs') return
      target = head()
      userFiles = vcs.userFiles()
    },
    after({ port, verb, options }, answer) {
      if (port === 'vcs') {
        if (verb === 'buildCandidate' && isOk(answer)) {
          const { commit, tree } = (answer as { readonly value: { readonly commit: string; readonly tree: string } })
            .value
          const task = mirror.candidateOf(options)
          built.set(commit, { task, base: options.base, tree })
        }
        if (verb !== 'land' && head() !== target) violate(6, `${verb} moved the target`)
        if (verb === 'land' && isOk(answer) && head() !== target) lands(options.commit)
        for (const path of dirty())
          if (vcs.userFiles()[path] !== userFiles[path]) violate(6, `${verb} changed ${path} of the user's`)
      }
      if (port === 'queue' && verb === 'write' && isOk(answer)) {
        const after: RunState = options.next
        const kind = mirror.tasks.get(options.id)?.kind
        const ends =
          after.outcome !== null && after.outcome !== 'cancelled' && mirror.states.get(options.id)?.outcome == null
        if (ends && kind === 'change' && !isThere(options.id, after))
          violate(5, `${options.id} ended as ${after.outcome}, and is not on the target`)
      }
    },
  }
}
