import type { Reach } from '../decide/world.ts'
import { OrchError } from '../model/error.ts'
import type { Engine } from './engine.ts'
import type { Nudge } from './nudge.ts'
import type { Setup } from './ports.ts'
import { checkPrefix } from './prefix.ts'
import type { Requests } from './requests.ts'
import { restMs } from './rest.ts'
import { sweep } from './sweep.ts'

interface Passing {
  readonly setup: Setup
  readonly engine: Engine
  readonly requests: Requests
  readonly nudge: Nudge
  readonly problem: (message: string) => void
}

/** So many passes in a row that find nothing to do end a run, though each of them was told that something has moved: it may have been told of its own looks. */
const mostStill = 8

/**
 * Passes until nothing moves any more, or `signal` says so, and takes away what is left over then. An outage ends no run: it is told, and looked past after
 * a rest.
 * @param end when this orchestrator is let go of
 */
export async function passUntilStill(
  passing: Passing,
  { reach, signal, end }: { readonly reach: Reach; readonly signal: AbortSignal; readonly end: AbortSignal },
): Promise<void> {
  const { setup, engine, requests, nudge, problem } = passing
  const { clock } = setup.ports
  for (let outages = 0, still = 0, checked = false; !signal.aborted; ) {
    await requests.settled()
    const { stored } = requests
    try {
      if (!checked) await checkPrefix(setup, signal)
      checked = true
      // Effects that are under way end in their own time: an interrupted run only begins no new ones.
      const { decision } = await engine.pass(reach, end)
      outages = 0
      const heardAll = stored !== null && requests.stored === stored
      still = !decision.moving && engine.idle && heardAll ? still + 1 : 0
      // What has come since the pass began may not have been read.
      if (still > 0 && (!nudge.pending || still >= mostStill)) return await sweep(setup, engine, signal)
      await nudge.wait(decision.lookAgainAt, clock, signal)
    } catch (error) {
      if (!OrchError.is(error) || !error.retryable) throw error
      problem(error.message)
      await clock.sleep(restMs(error, ++outages, setup.random), { signal })
    }
  }
}
