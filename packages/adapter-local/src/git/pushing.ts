import { failed, OrchError, ok } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { Following, pushedRef } from './following.ts'
import type { Landing, LandOptions } from './land.ts'
import { isAncestor } from './landed.ts'
import { Looks, unreachable } from './looks.ts'
import { targetOf } from './observe.ts'
import type { Remote } from './remote.ts'

/** What is different where the target is a remote's branch. */
export interface Pushing {
  /** To be called before the target is read. */
  observe(signal: AbortSignal): Promise<void>
  /** What a person is to know; to be called after it was read. */
  notes(signal: AbortSignal): Promise<readonly { readonly why: string }[]>
  land(options: LandOptions): Promise<Landing>
  /** The remote is asked anew where it is. Throws `remote-unreachable`. */
  lookAnew(signal: AbortSignal): Promise<void>
  /** Brings to the user's branch what was landed and had to wait. */
  follow(signal: AbortSignal): Promise<void>
}

export function pushingOf(context: GitContext, remote: Remote): Pushing {
  const looks = new Looks(context, remote)
  const following = new Following(context, remote)
  return {
    observe: (signal) => looks.ifDue(signal),
    async notes(signal) {
      const notes = [looks.why, await following.note(signal)]
      return notes.flatMap((why) => (why === null ? [] : [{ why }]))
    },
    land: (options) => following.during(() => landThere(context, remote, looks, options), options),
    async lookAnew(signal) {
      const seen = await looks.now(signal)
      if (!seen.ok) throw unreachable(remote, seen.detail)
    },
    follow: (signal) => following.follow(async () => (await looks.now(signal)).ok, signal),
  }
}

/** One push, by compare-and-swap on the remote. What became of a push without an answer is asked there. */
function landThere(context: GitContext, remote: Remote, looks: Looks, options: LandOptions): Promise<Landing> {
  const { expect, commit, signal } = options
  return context.locked('landing', signal, async () => {
    const { refs, target } = context
    let now = await targetOf(context)
    if (now === commit) {
      // By an earlier call, or only here: whoever has a linked worktree can write the ref.
      const seen = await looks.now(signal)
      if (!seen.ok) return seen
      now = await targetOf(context)
      if (now === commit) {
        // A review host may have brought it there.
        await refs.change([{ ref: pushedRef(target), to: commit }], `orch: landed ${commit.slice(0, 12)}`)
        return ok()
      }
    }
    if (now !== expect) return failed('moved', `${target.name} is at ${now} by now`)
    if (!(await context.objects.exists(commit))) return failed('gone')
    // The lease lets git move a branch anywhere.
    if (!(await isAncestor(context, expect, commit, signal)))
      throw new OrchError('bug', `${commit} does not come from ${expect}, so it is not pushed`)
    await refs.change([{ ref: pushedRef(target), to: commit }], `orch: push ${commit.slice(0, 12)}`)
    failPoint('push-begun')
    const pushed = await remote.push({ expect, commit, signal })
    if (!pushed.ok) {
      const there = await remote.ask(signal)
      if (!there.ok) return there
      if (there.value === expect) return failed(pushed.refused ? 'rejected' : 'unreachable', pushed.words)
      if (there.value !== commit) {
        const seen = await looks.now(signal)
        return seen.ok ? failed('moved', `${target.name} is at ${there.value} by now`) : seen
      }
    }
    failPoint('pushed')
    // Before it is there: whoever looks in between is to know it.
    context.landedHere.set(commit, expect)
    context.movedTarget = commit
    await refs.change([{ ref: target.ref, to: commit, from: expect }], `orch: land ${commit.slice(0, 12)}`)
    failPoint('push-known')
    return ok()
  })
}
