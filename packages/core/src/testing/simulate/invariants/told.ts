import { turnKey } from '../../../model/process-key.ts'
import type { RunState } from '../../../model/run-state.ts'
import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 8: no turn of what a person has paused begins, and an agent goes on in its session and hears all that it was told. */
export function told({ mirror, ledger, hidden, shownAt, late, forgotten, violate }: Scene): Checker {
  /** Guidance that was put into the inbox of a process. */
  const sent = new Set<string>()

  function starts({ key, prompt, resume = null, environment }: Call['options']): void {
    const id: string = environment.ORCH_TASK ?? ''
    const state = mirror.states.get(id)
    if (state === undefined || mirror.tasks.get(id)?.kind === 'sync' || key !== keyOf(id, state)) return
    if (resume !== state.run.resume) violate(8, `${key} does not go on in its session`)
    const unheard = state.run.guidance.find(({ turn, text }) => turn !== null && !prompt.includes(text))
    if (unheard !== undefined) violate(8, `${key} is not told ${unheard.key}`)
  }

  function goesOn(id: string, before: RunState, after: RunState): void {
    const claimed = after.run.attempt !== before.run.attempt || after.run.turn !== before.run.turn
    if (claimed && before.run.paused === true) violate(8, `${id} was claimed, and a person has paused it`)
    const key = keyOf(id, before)
    const unsent = after.run.guidance.find((one) => {
      const was = before.run.guidance.find((other) => other.key === one.key)?.turn ?? null
      return one.turn !== null && was === null && !sent.has(`${key} ${one.key}`)
    })
    if (!claimed && unsent !== undefined) violate(8, `${id} counts as told ${unsent.key}, and nobody has sent it`)
    const isOver = before.phase === 'working' && before.run.wants === null && before.outcome === null
    const leaves = after.run.wants !== null || after.phase === 'committed'
    const isSeen = !hidden.has(key) && !shownAt.has(key) && !late.has(key) && !forgotten.has(key)
    if (!isOver || !leaves || !isSeen || after.branch === null) return
    if (after.run.resume !== (ledger.sessionOf(id, before) ?? before.run.resume))
      violate(8, `${id} goes on, and the session of ${key} is forgotten`)
  }

  return {
    after({ port, verb, options }, answer) {
      if (!isOk(answer)) return
      if (port === 'runner' && verb === 'send') sent.add(`${options.key} ${options.guidance.key}`)
      if (port === 'runner' && verb === 'start') starts(options)
      const before = port === 'queue' && verb === 'write' ? mirror.states.get(options.id) : undefined
      if (before !== undefined) goesOn(options.id, before, options.next)
    },
  }
}

function keyOf(id: string, { run }: RunState): string {
  return turnKey(id, run.attempt, run.turn)
}
