import type { ProcessKey } from '../../model/process-key.ts'
import { brokenFile } from './agents.ts'
import type { SimulatedWorld } from './world.ts'

/** The user's checkout is clean again. */
export function putAway({ vcs }: SimulatedWorld): void {
  vcs.userEdit({ 'README.md': vcs.read(vcs.branches().get(vcs.target) ?? '')['README.md'] ?? null })
}

/** The target passes its checks again. */
export function mend({ vcs }: SimulatedWorld): void {
  const target = vcs.branches().get(vcs.target) ?? ''
  if (brokenFile in vcs.read(target)) vcs.userCommit({ [brokenFile]: null })
}

/** The branch of an epic is there again, where it was. */
export function putBack({ vcs, away }: SimulatedWorld, target: string): void {
  const before = away.get(target)
  if (before !== undefined) vcs.userReset(before, target)
  away.delete(target)
}

/** Somebody can tell again what became of it. */
export function showAgain({ runner, hidden, shownAt, clock }: SimulatedWorld, key: ProcessKey): void {
  if (!hidden.delete(key)) return
  shownAt.set(key, clock.elapsed())
  runner.show(key)
}
