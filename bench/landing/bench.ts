import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** How quick changes land, what it costs to be sure of them, and how conflicts are told before they are met. */
const parts: readonly (() => Promise<readonly Figure[]>)[] = [
  async () => (await import('./trains.ts')).trains(),
  async () => (await import('./conflicts.ts')).conflictFigures(),
]

export async function bench(): Promise<readonly Figure[]> {
  build()
  const figures: Figure[] = []
  for (const part of parts) figures.push(...(await part()))
  return figures
}
