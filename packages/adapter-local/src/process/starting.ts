import { rm } from 'node:fs/promises'
import { OrchError, type ProcessKey } from '@orch/core'
import { readClaim } from './claim.ts'
import type { Places } from './folder.ts'
import type { Answer } from './launcher.ts'

/** Whether our launcher has the key. Throws when it could not be started or died before it had decided. */
export async function won(begin: () => Promise<Answer>, places: Places, key: ProcessKey, id: string): Promise<boolean> {
  let cause: unknown
  try {
    const answer = await begin()
    if (answer !== 'silent') return answer === 'claimed'
    const claim = readClaim(places, key)
    if (claim !== null) return claim !== 'unreadable' && claim.id === id
  } catch (error) {
    // The launcher may be alive and about to take the key: whoever looks again sees what became of it.
    if (OrchError.is(error) && error.code === 'spawner-ended') throw error
    cause = error
  }
  await rm(places.prepared(key, id).path, { recursive: true, force: true })
  // From another process only its words come.
  const tooLong = String(cause).includes('E2BIG')
  const why = tooLong
    ? 'its command and its environment are too long for this system; shorten agent.command or agent.environment'
    : `${cause === undefined ? 'it ended at once' : String(cause)}; check the limits of processes and memory`
  throw new OrchError('launcher-failed', `The launcher of ${key} could not be started: ${why}.`, {
    port: 'runner',
    retryable: !tooLong,
    cause,
  })
}
