import { keyPrefixes } from '../../../model/process-key.ts'
import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 1 and 8: when people have cancelled what was left, nothing of ours is left: no open record, no workspace, no process. */
export function ends({ mirror, vcs, runner, hidden, givenUp, violate }: Scene): Checker {
  return {
    before({ port, verb, options }) {
      if (port !== 'queue' || verb !== 'write') return
      const prefixes = keyPrefixes(options.id)
      for (const key of hidden) if (prefixes.some((prefix) => key.startsWith(prefix))) givenUp.add(key)
    },
    atEnd() {
      for (const [id, { phase }] of mirror.states) if (phase !== 'closed') violate(8, `${id} is not closed at the end`)
      for (const directory of vcs.folders().keys())
        if (!directory.includes('/.aside/')) violate(8, `${directory} is left at the end`)
      for (const key of runner.alive) if (!givenUp.has(key)) violate(1, `${key} is alive at the end`)
    },
  }
}

/** What a closed task leaves behind: its news on the board, its source closed, no workspace, no process. */
export function bulletins({ mirror, violate, vcs, runner }: Scene): Checker {
  const posted = new Set<string>()
  return {
    after({ port, verb, options }, answer) {
      if (port === 'board' && verb === 'post') posted.add(options.author)
      if (port !== 'queue' || verb !== 'write' || !isOk(answer)) return
      const { phase, outcome, review, branch }: RunState = options.next
      const before = mirror.states.get(options.id)
      if (phase !== 'closed' || before === undefined || before.phase === 'closed') return
      const task = mirror.tasks.get(options.id)
      if (task?.establishes !== undefined && outcome === 'done' && review?.landed != null && !posted.has(options.id))
        violate(8, `${options.id} was closed before its pattern was told`)
      if (task?.state === 'open') violate(8, `${options.id} was closed, and is open in its source`)
      if (branch !== null && vcs.branches().has(branch.name))
        violate(8, `${options.id} was closed, and its branch is there`)
      const left = runner.alive.find((key) =>
        key.startsWith(`turn-${options.id}.${before.run.attempt}.${before.run.turn}`),
      )
      if (left !== undefined) violate(9, `${options.id} was closed, and ${left} is alive`)
    },
  }
}
