import type { Orchestrator, RunOptions, RunResult } from '@orch/core'
import type { HandClock, MemoryVcs } from '@orch/core/testing'

/** Lets everything go on that is not waiting for time to pass. */
export async function quiet(turns = 8): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Plays a run through on a hand clock; one that has not ended after `ms` of it is interrupted. */
export async function played(
  orch: Orchestrator,
  clock: HandClock,
  ms: number,
  options: Omit<RunOptions, 'signal'> = {},
): Promise<RunResult> {
  const end = new AbortController()
  let over = false
  const running = orch.run({ ...options, signal: end.signal }).finally(() => {
    over = true
  })
  running.catch(() => undefined)
  const until = clock.elapsed() + ms
  while (!over) {
    await quiet()
    if (clock.elapsed() >= until) end.abort()
    clock.advance(Math.min(clock.untilNext() ?? 100, 1000))
  }
  return running
}

/** The same repository, whose every look lets other things happen: a loop that never waits cannot hang the test. */
export function slowly(vcs: MemoryVcs): MemoryVcs {
  return {
    ...vcs,
    async observe(options) {
      await new Promise((resolve) => setImmediate(resolve))
      return vcs.observe(options)
    },
  }
}
