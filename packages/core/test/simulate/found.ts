import { playInProcess } from './in-processes.ts'
import type { Mutation } from './mutation.ts'
import { mutations } from './mutations.ts'

export interface Found {
  readonly mutation: Mutation
  /** The first seed that tells it from the loop; null: none of them does. */
  readonly seed: number | null
}

/** Seeds in which each has to be found. */
export const mostSeeds = 2000

export async function findMutation(mutation: Mutation): Promise<Found> {
  const { violations } = await playInProcess({ first: 0, runs: mostSeeds, untilViolation: true, mutation })
  return { mutation, seed: violations[0]?.seed ?? null }
}

/** Looks for all of them, `processes` at a time. */
export async function findMutations(processes: number): Promise<readonly Found[]> {
  const found: Found[] = []
  const left = [...mutations]
  const look = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) found.push(await findMutation(next))
  }
  await Promise.all(Array.from({ length: processes }, look))
  return found
}
