import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** How quick changes land, and what it costs to be sure of them. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  const { trains } = await import('./trains.ts')
  return trains()
}
