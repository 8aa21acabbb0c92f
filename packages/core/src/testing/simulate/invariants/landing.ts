import type { RunState } from '../../../model/run-state.ts'
import { differing, treeOf } from '../../memory-files.ts'
import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import { guardedFolder } from '../setting.ts'
import { makes } from '../tasks.ts'
import { type Built, carriedWrongly, type Moved } from './lanes.ts'
import type { Scene } from './scene.ts'

/** 5, 6 and 9: what lands is what was tested and let through, once, from the base that it was tested on, and around the user's own edits. */
export function landing(scene: Scene): Checker {
  const { mirror, ledger, vcs, runner, shownAt, violate, setting } = scene
  const built = new Map<string, Built>()
  /** Landings on the repository's target. */
  const moves = new Map<string, Moved>()
  /** The commits of landings, by turn. */
  const landed = new Map<string, string>()
  const blamed = new Set<string>()
  const issuedAt = new WeakMap<Call, number>()
  /** The branches that are landed on, and where each was. */
  const names = [vcs.target, ...Object.values(setting.policy.epics ?? {}).map((epic) => epic.target)]
  let targets: ReadonlyMap<string, string> = new Map()
  /** Who lands was paused for longer than its lease: another owner may have gone on. */
  let late = false
  /** When landings were seen to be violated, by task, and what whoever lands has read. */
  const violatedAt = new Map<string, number>()
  const readFor = new WeakMap<Call, number>()
  let readAt = 0
  let userFiles: Readonly<Record<string, string>> = {}
  const head = (name = vcs.target): string => vcs.branches().get(name) ?? ''
  const dirty = (): readonly string[] => {
    const committed = vcs.read(targets.get(vcs.target) ?? '')
    return Object.keys(userFiles).filter((path) => userFiles[path] !== committed[path])
  }

  /** What the review host has made of a change when somebody was faster. */
  const untested = new Set<string>()
  const { landing: how } = setting.policy
  const hasChecks = (how?.checks?.length ?? 0) > 0

  /** A commit brings everything that it was built on: the checks of the last tree speak for all of it. */
  function lands(commit: string, name: string, target: string): void {
    if (how?.via === 'host' && name === vcs.target) violate(6, `the target was moved to ${commit}, and not by its host`)
    if (!vcs.ancestors(head(name)).has(target)) violate(6, `the target left ${target} behind`)
    whileHalted(commit)
    const commits: string[] = []
    for (let at = commit; at !== target; ) {
      const candidate = built.get(at)
      if (candidate === undefined || commits.length > 64) {
        violate(6, `${at} landed on ${target}, and nobody built it on that`)
        return
      }
      isLet(candidate.task, changesGuarded(candidate.base, at))
      isReviewed(candidate.task, candidate.head)
      once(candidate.task, at, target)
      commits.unshift(at)
      at = candidate.base
    }
    if (commits.length > (how?.train ?? 1)) violate(7, `${commits.length} changes landed at once`)
    isChecked(commits, name, target)
    const tasks = commits.map((at) => built.get(at)?.task ?? '')
    if (name === vcs.target) moves.set(commit, { from: target, tasks })
  }

  function isChecked(commits: readonly string[], name: string, target: string): void {
    const last = built.get(commits.at(-1) ?? '')
    if (!hasChecks || last === undefined || ledger.isGreen(last.tree)) return
    const inLanes = (how?.lanes ?? 1) > 1 && name === vcs.target
    const wrong = inLanes ? carriedWrongly(scene, { commits, target, built, moves }) : ''
    if (wrong !== null) violate(5, `${last.task} landed a tree that no checks passed on: ${wrong}`)
  }

  function whileHalted(commit: string): void {
    const halted = [...mirror.states].find(([id, state]) => isHalted(state) && readAt > (violatedAt.get(id) ?? readAt))
    if (halted !== undefined && setting.faultRate === 0 && !late)
      violate(5, `${commit} landed although ${halted[0]} was violated`)
  }

  /** Nothing is built on what a host merges, so each of them is on the target alone. */
  function merges({ head: own, base }: { readonly head: string; readonly base: string }): void {
    const target = targets.get(vcs.target) ?? ''
    const commit = head()
    if (commit === target) return
    whileHalted(commit)
    if (how?.via !== 'host') violate(6, `the review host was asked to merge ${own}`)
    const tree = treeOf(vcs.read(commit))
    const car = [...built.values()].find((one) => one.head === own && one.base === base && one.tree === tree)
    if (car === undefined) {
      untested.add(commit)
      return
    }
    if (hasChecks && !ledger.isGreen(tree)) violate(5, `${car.task} was merged with a tree that no checks passed on`)
    isLet(car.task, changesGuarded(target, commit))
    isReviewed(car.task, own)
    once(car.task, commit, target)
  }

  function changesGuarded(base: string, commit: string): boolean {
    return differing(vcs.read(base), vcs.read(commit)).some((path) => path.startsWith(`${guardedFolder}/`))
  }

  function isLet(task: string, isGuarded: boolean): void {
    const letThrough =
      (how?.by === 'orchestrator' && !isGuarded) || mirror.askedOf(task).some((request) => request.do === 'land')
    if (!letThrough) violate(5, `${task} landed, and no person let it`)
  }

  /** A person goes over the reviewer. */
  function isReviewed(task: string, head: string): void {
    const byPerson = mirror.askedOf(task).some((request) => request.do === 'land')
    if (how?.review === 'agent' && !byPerson && !ledger.isApproved(task, head))
      violate(5, `${task} landed ${head}, of which no reviewer has approved`)
  }

  /** What somebody has forced away again may land once more. */
  function once(task: string, commit: string, target: string): void {
    const name = `${task} ${mirror.states.get(task)?.run.attempt}.${mirror.states.get(task)?.run.turn}`
    if (vcs.ancestors(target).has(landed.get(name) ?? '')) violate(9, `${name} landed twice`)
    landed.set(name, commit)
  }

  /** Nobody is blamed for red checks that are red without the change, or only once where they are to run twice. */
  function sentBack(id: string, { run }: RunState): void {
    const key = run.guidance.at(-1)?.key ?? ''
    const [, tree] = /^checks-check-[a-z0-9-]+\.([0-9a-f]+)\./.exec(key) ?? []
    if (tree === undefined || blamed.has(`${id} ${key}`)) return
    blamed.add(`${id} ${key}`)
    const runs = key.slice('checks-'.length)
    const first = runs.replace('.again', '')
    const isMaking = runner.starts.some(({ key: started, profile }) => started === first && makes(profile))
    const bases = [...built.values()].filter((one) => one.task === id && one.tree.startsWith(tree))
    if (!bases.some(({ base }) => ledger.isGreenAfter(treeOf(vcs.read(base)), first, isMaking)) && shownAt.size === 0)
      violate(5, `${id} was blamed for checks that did not pass without it since`)
    const isAgain = runs.endsWith('.again') && runner.starts.some((start) => start.key === runs)
    if (how?.retryRed === true && !isAgain) violate(5, `${id} was blamed for checks that were red once`)
  }

  function isThere(id: string, state: RunState): boolean {
    const commit = state.review?.landed?.commit
    if (commit !== undefined) return vcs.ancestors(head(state.branch?.target)).has(commit)
    return mirror.closedByPeople.has(id) || state.outcome === 'no-changes'
  }

  return {
    issued(call) {
      issuedAt.set(call, mirror.clock.elapsed())
      if (call.verb === 'land' || call.verb === 'merge') readFor.set(call, mirror.readAt.get(call.actor.name) ?? 0)
    },
    before(call) {
      if (!mayMove(call)) return
      readAt = readFor.get(call) ?? 0
      const [renewed, lapsed] = [mirror.renewedAt.get(call.actor.name) ?? 0, mirror.lapsedAt.get(call.actor.name) ?? -1]
      late = lapsed > (issuedAt.get(call) ?? 0) || mirror.clock.elapsed() - renewed >= setting.policy.leaseMs
      targets = new Map(names.map((name) => [name, head(name)]))
      userFiles = vcs.userFiles()
    },
    after(call, answer) {
      const { port, verb, options } = call
      if (port === 'review' && verb === 'merge') merges(options)
      if (port === 'vcs') {
        if (verb === 'buildCandidate' && isOk(answer)) {
          const { commit, tree } = (answer as { readonly value: { readonly commit: string; readonly tree: string } })
            .value
          const task = mirror.candidateOf(options)
          built.set(commit, { task, base: options.base, tree, head: options.head })
        }
        if (verb === 'amendCandidate' && isOk(answer)) {
          const { value } = answer as { readonly value: { readonly commit: string; readonly tree: string } }
          const { task = '', head: from = '' } = built.get(options.commit) ?? {}
          built.set(value.commit, { task, base: options.base, tree: value.tree, head: from })
        }
        for (const [name, before] of targets) {
          const isMade = verb === 'createTarget' && options.branch === name && before === ''
          if (head(name) === before || isMade) continue
          if (verb !== 'land' || (options.target ?? vcs.target) !== name) violate(6, `${verb} moved ${name}`)
          else if (isOk(answer)) lands(options.commit, name, before)
        }
        for (const path of dirty())
          if (vcs.userFiles()[path] !== userFiles[path]) violate(6, `${verb} changed ${path} of the user's`)
      }
      if (port === 'queue' && verb === 'write' && isOk(answer)) {
        const after: RunState = options.next
        sentBack(options.id, after)
        if (isHalted(after)) violatedAt.set(options.id, mirror.clock.elapsed())
        const { landed: as } = after.review ?? {}
        if (as?.by === 'us' && untested.has(as.commit))
          violate(5, `${options.id} is told to have landed as it was tested, and ${as.commit} was not`)
        const kind = mirror.tasks.get(options.id)?.kind
        const ends =
          after.outcome !== null && after.outcome !== 'cancelled' && mirror.states.get(options.id)?.outcome == null
        if (ends && kind === 'change' && !isThere(options.id, after))
          violate(5, `${options.id} ended as ${after.outcome}, and is not on the target`)
      }
    },
  }
}

/** A call after which the target may be elsewhere. */
function mayMove({ port, verb }: Call): boolean {
  return port === 'vcs' || (port === 'review' && verb === 'merge')
}

function isHalted({ review, run, outcome }: RunState): boolean {
  return review?.waits?.for === 'violated' && run.stuck !== null && outcome === null
}
