import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, type Vcs } from '@orch/core'
import { lookAt, readText, remove } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { type GitContext, landingOn } from './context.ts'
import { isAncestor } from './landed.ts'
import { isOid, oidOf } from './names.ts'
import { headOf } from './observe.ts'
import { checkoutsOf, moveFiles, moveFilesBack, type UserCheckout } from './user-files.ts'

export interface LandOptions {
  readonly expect: string
  readonly commit: string
  readonly signal: AbortSignal
}

export type Landing = Awaited<ReturnType<Vcs['land']>>

/**
 * Moves the user's branch. Their files first, then the branch: a crash in between shows the landing as staged changes, which the next landing completes or
 * takes back. Once begun it is not given up for `signal`.
 */
export function land(context: GitContext, { expect, commit, signal }: LandOptions): Promise<Landing> {
  return context.locked('landing', signal, async () => {
    const journal = await readJournal(context)
    if (journal !== null && journal.branch !== context.branch.name) {
      const settled = await settle(context, journal, signal)
      if (!settled.ok) return settled
    }
    const begun = journal?.branch === context.branch.name ? journal : null
    const now = await headOf(context, context.branch)
    if (begun !== null && (await isAbandoned(context, begun, { now, commit, signal }))) {
      const back = await takeBack(context, begun, now)
      if (!back.ok) return back
    }
    if (now === oidOf(commit)) {
      await forget(context)
      return ok()
    }
    if (now !== oidOf(expect)) return failed('moved', `${context.branch.name} is at ${now} by now`)
    if (!(await context.objects.exists(commit))) return failed('gone')
    const checkouts = await checkoutsOf(context, context.branch.ref)
    if (!checkouts.ok) return checkouts
    const again = begun?.expect === expect && begun.commit === commit
    return moveAll(context, again ? begun : { branch: context.branch.name, expect, commit, at: null }, checkouts.value)
  })
}

interface Begun {
  /** The branch that it was to land on. */
  readonly branch: string
  readonly expect: string
  readonly commit: string
  /** When it was begun that did not get to its end, in milliseconds since 1970; null for a new one. */
  readonly at: number | null
}

async function moveAll(context: GitContext, begun: Begun, checkouts: readonly UserCheckout[]): Promise<Landing> {
  const { expect, commit } = begun
  if (checkouts.length > 0 && begun.at === null) await writeJournal(context, begun)
  failPoint('landing-begun')
  const done: UserCheckout[] = []
  const undo = async () => {
    // Something of it may be in every check-out.
    if (begun.at !== null) return void (await takeBack(context, begun, await headOf(context, context.branch)))
    for (const checkout of done) {
      const back = await moveFiles(context, checkout, { from: commit, to: expect, begun: null })
      // The next landing takes it back.
      if (!back.ok && back.reason === 'in-use') return
    }
    await forget(context)
  }
  for (const checkout of checkouts) {
    const moved = await moveFiles(context, checkout, { from: expect, to: commit, begun: begun.at })
    if (!moved.ok) {
      await undo()
      return failed('held-by-user', moved.detail)
    }
    done.push(checkout)
  }
  failPoint('landing-shown')
  // Before it is there: whoever looks in between is to know it.
  if (context.remote === null) context.landedHere.set(commit, expect)
  if (!(await moveTarget(context, begun, undo))) {
    return failed('moved', `${context.branch.name} moved while it was landed on`)
  }
  failPoint('landing-moved')
  if (checkouts.length > 0) await forget(context)
  failPoint('landed')
  if (context.remote === null) context.movedTarget = commit
  return ok()
}

/**
 * False when the target was moved by somebody else; the files are then back where they were. When it cannot be told whether the target
 * moved, a git whose answer was lost may still move it: then the journal stays, and the next landing goes on from there or takes back.
 */
async function moveTarget(context: GitContext, { expect, commit }: Begun, undo: () => Promise<void>): Promise<boolean> {
  const change = { ref: context.branch.ref, to: commit, from: expect }
  if (await context.refs.change([change], `orch: land ${commit.slice(0, 12)}`)) return true
  if ((await headOf(context, context.branch)) === oidOf(commit)) return true
  await undo()
  return false
}

/** Whether a landing was begun that is neither the one that is wanted now nor has got onto the target. */
async function isAbandoned(
  context: GitContext,
  begun: Begun,
  { now, commit, signal }: { readonly now: string; readonly commit: string | null; readonly signal: AbortSignal },
): Promise<boolean> {
  if (begun.expect === now) return begun.commit !== commit
  return begun.commit !== now && !(await isAncestor(context, begun.commit, now, signal))
}

/** A landing that was interrupted and will not come. Waits for a git of the user's that is at work there. */
async function takeBack(context: GitContext, { expect, commit, at }: Begun, now: string): Promise<Landing> {
  const checkouts = await checkoutsOf(context, context.branch.ref)
  if (!checkouts.ok) return checkouts
  for (const checkout of checkouts.value) {
    const back = await moveFilesBack(context, checkout, { from: expect, to: commit, begun: at, now })
    if (!back.ok) return failed('held-by-user', back.detail)
  }
  failPoint('landing-taken-back')
  await forget(context)
  return ok()
}

/** Of a landing that nobody may ever try again: what is done of it is kept when it is on the target, and taken back when it is not. */
export async function settleLanding(context: GitContext, signal: AbortSignal): Promise<void> {
  if ((await readJournal(context)) === null) return
  await context.locked('landing', signal, async () => {
    const begun = await readJournal(context)
    if (begun !== null) await settle(context, begun, signal)
  })
}

/** On its own branch, whichever this process lands on; where that is gone nothing of it can be told, and nobody's files are touched. */
async function settle(own: GitContext, begun: Begun, signal: AbortSignal): Promise<Landing> {
  const context = begun.branch === own.branch.name ? own : landingOn(own, begun.branch)
  const now = await context.refs.read(context.branch.ref)
  if (now !== null && (await isAbandoned(context, begun, { now, commit: null, signal })))
    return takeBack(context, begun, now)
  await forget(context)
  return ok()
}

/** Says which landing may have touched the user's files without having moved the branch. Only read and written inside the lock. */
function journalOf(context: GitContext): string {
  return join(context.repository.commonDirectory, 'orch', 'landing')
}

/** The commit of a landing that was begun and not ended. */
export async function begunLanding(context: GitContext): Promise<string | null> {
  return (await readJournal(context))?.commit ?? null
}

async function readJournal(context: GitContext): Promise<Begun | null> {
  const [expect, commit, branch = context.branch.name] = (readText(journalOf(context)) ?? '').trim().split(' ')
  if (expect === undefined || commit === undefined || !isOid(expect) || !isOid(commit)) return null
  return { branch, expect, commit, at: lookAt(journalOf(context))?.mtimeMs ?? null }
}

async function writeJournal(context: GitContext, { branch, expect, commit }: Begun): Promise<void> {
  const path = journalOf(context)
  await writeFile(`${path}.new`, `${expect} ${commit} ${branch}\n`)
  await rename(`${path}.new`, path)
}

function forget(context: GitContext): Promise<void> {
  return remove(journalOf(context))
}
