import { keyPrefixes, turnKey } from '../../../model/process-key.ts'
import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 1 and 8: when people have cancelled what was left, nothing of ours is left: no open record, no workspace, no process. */
export function ends({ mirror, vcs, runner, hidden, shownAt, givenUp, violate }: Scene): Checker {
  return {
    before({ actor, port, verb, options }) {
      if (port !== 'queue' || verb !== 'write') return
      const prefixes = keyPrefixes(options.id)
      const readAt = mirror.readAt.get(actor.name) ?? 0
      const since = [...shownAt].flatMap(([key, at]) => (at >= readAt ? [key] : []))
      for (const key of [...hidden, ...since]) if (prefixes.some((prefix) => key.startsWith(prefix))) givenUp.add(key)
    },
    atEnd() {
      for (const [id, { phase }] of mirror.states) if (phase !== 'closed') violate(8, `${id} is not closed at the end`)
      for (const directory of vcs.folders().keys())
        if (!directory.includes('/.aside/')) violate(8, `${directory} is left at the end`)
      for (const key of runner.alive) if (!hidden.has(key)) violate(1, `${key} is alive at the end`)
    },
  }
}

/** What is left behind: of a closed task nothing but its news on the board, of a candidate that was built again no checks. */
export function leftovers({ mirror, violate, vcs, runner, givenUp, late }: Scene): Checker {
  const posted = new Set<string>()
  /** Branches made by who was paused on the way there, and has lost their task meanwhile. */
  const strays = new Set<string>()

  function closes(id: string, { run }: RunState, { outcome, review, branch }: RunState): void {
    const task = mirror.tasks.get(id)
    if (task?.establishes !== undefined && outcome === 'done' && review?.landed != null && !posted.has(id))
      violate(8, `${id} was closed before its pattern was told`)
    if (task?.state === 'open') violate(8, `${id} was closed, and is open in its source`)
    if (branch !== null && vcs.branches().has(branch.name) && !strays.has(branch.name))
      violate(8, `${id} was closed, and its branch is there`)
    const key = turnKey(id, run.attempt, run.turn)
    if (runner.alive.includes(key) && !late.has(key)) violate(9, `${id} was closed, and ${key} is alive`)
    const checked = review?.candidate?.run
    if (checked !== undefined) movesOn(id, checked)
    leavesReviewer(id)
  }

  /** Nobody waits for its verdict any more. */
  function leavesReviewer(id: string): void {
    const prefix = keyPrefixes(id)[2] ?? ''
    const left = runner.alive.find((key) => key.startsWith(prefix) && !givenUp.has(key) && !late.has(key))
    if (left !== undefined) violate(9, `${id} has gone on, and ${left} is alive`)
  }

  /** Only where a person was asked, and has said so, an agent may be alive still. */
  function goesBack(id: string, { run }: RunState, next: RunState): void {
    if (run.wants !== null || next.run.wants === null || run.stuck !== null) return
    const key = turnKey(id, run.attempt, run.turn)
    if (runner.alive.includes(key) && !late.has(key)) violate(9, `${id} waits for its next turn, and ${key} is alive`)
  }

  function movesOn(id: string, run: number): void {
    const prefix = keyPrefixes(id)[1] ?? ''
    const endings = [`.${run}`, `.${run}.target`]
    const left = runner.alive.find((key) => key.startsWith(prefix) && endings.some((ending) => key.endsWith(ending)))
    if (left !== undefined && !givenUp.has(left) && !late.has(left))
      violate(9, `${id} has gone on, and ${left} is alive`)
  }

  function makes(branch: string, by: string): void {
    const state = [...mirror.states.values()].find((one) => one.branch?.name === branch)
    if (state?.run.owner === by) strays.delete(branch)
    else strays.add(branch)
  }

  return {
    after({ actor, port, verb, options }, answer) {
      if (port === 'vcs' && verb === 'createWorkspace') makes(options.branch, actor.name)
      if (port === 'board' && verb === 'post' && options.key.startsWith('pattern-')) posted.add(options.author)
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const [id, next]: [string, RunState] = [options.id, options.next]
      const before = mirror.states.get(id)
      if (before === undefined) return
      const goesOn = next.phase === 'merged' || next.run.wants !== null || next.review?.verdict !== undefined
      if (before.phase === 'pr_created' && goesOn) leavesReviewer(id)
      if (next.phase === 'closed' && before.phase !== 'closed') closes(id, before, next)
      goesBack(id, before, next)
      const run = before.review?.candidate?.run
      if (run !== undefined && next.review?.candidate?.run !== run) movesOn(id, run)
    },
  }
}
