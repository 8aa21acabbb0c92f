import { once } from 'node:events'
import { registerHooks } from 'node:module'
import type { NewTask } from '../../src/model/task.ts'
import type { SeedsOptions } from '../../src/testing/simulate/tally.ts'
import { type Mutation, mutated } from './mutation.ts'

export interface SeedsWork extends SeedsOptions {
  /** Plays the loop with this one thing changed. */
  readonly mutation?: Mutation
  /** Makes the first run smaller instead. */
  readonly shrinks?: boolean
  /** Made smaller instead of the seed's own. */
  readonly tasks?: readonly NewTask[]
}

// Who asked is gone.
process.once('disconnect', () => process.exit())
const [work] = await once(process, 'message')
const { mutation, shrinks, tasks, ...seeds }: SeedsWork = work
if (mutation !== undefined) {
  const file = new URL(`../../src/${mutation.file}`, import.meta.url).href
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (url !== file) return loaded
      return { ...loaded, source: mutated(mutation, String(loaded.source)) }
    },
  })
}
// Only now: what is loaded before the hook is there is as it was written.
const { playSeeds, shrinkSeed } = await import('@orch/core/testing')
process.send?.(await (shrinks === true ? shrinkSeed(seeds.first, tasks) : playSeeds(seeds)), () => process.disconnect())
