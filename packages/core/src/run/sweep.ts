import { OrchError } from '../model/error.ts'
import type { Engine } from './engine.ts'
import type { Setup } from './ports.ts'

/** Takes away what is left over when nothing moves any more. What is in the way of it is for `doctor` to tell: nothing else waits for it. */
export async function sweep({ ports }: Setup, { lease }: Engine, signal: AbortSignal): Promise<void> {
  try {
    lease.fence()
    await ports.vcs.sweep?.({ signal })
  } catch (error) {
    if (!OrchError.is(error) || error.code === 'bug') throw error
  }
}
