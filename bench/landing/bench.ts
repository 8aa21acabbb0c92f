import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

export type LandingFigure = Omit<Figure, 'bench'>

/** What is measured of landing, each part by itself. */
const parts: readonly (() => Promise<readonly LandingFigure[]>)[] = [
  async () => (await import('./conflicts.ts')).conflictFigures(),
]

export async function bench(): Promise<readonly Figure[]> {
  build()
  const figures: Figure[] = []
  for (const part of parts) for (const figure of await part()) figures.push({ bench: 'landing', ...figure })
  return figures
}
