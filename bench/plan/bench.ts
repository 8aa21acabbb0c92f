import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** Of the planner as it is published, which has to be there before it is loaded. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  const { figures } = await import('./figures.ts')
  return figures()
}
