import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** What is measured of landing, each part by itself. */
const parts: readonly (() => Promise<readonly Figure[]>)[] = [
  async () => (await import('./conflicts.ts')).conflictFigures(),
]

export async function bench(): Promise<readonly Figure[]> {
  build()
  const figures: Figure[] = []
  for (const part of parts) figures.push(...(await part()))
  return figures
}
