import { playSeeds } from '@orch/core/testing'

const rounds = 5
const seedsOfARound = 100

/** How much of the simulator's storms one core plays. The best of the rounds: what other work on the machine takes away is no cost of ours. */
export async function simulatedStepsPerSecond(): Promise<number> {
  // Compiles what the rounds run.
  await playSeeds({ first: 0, runs: seedsOfARound })
  let best = 0
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    const { steps } = await playSeeds({ first: 0, runs: seedsOfARound })
    best = Math.max(best, steps / ((performance.now() - started) / 1000))
  }
  return best
}
