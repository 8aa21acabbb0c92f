import { randomUUID } from 'node:crypto'
import { readdirSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessKey } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import { lifeOf, readClaim } from './claim.ts'
import { markerOf } from './environment.ts'
import { type Places, unlessMissing } from './folder.ts'
import type { Looking } from './observation.ts'

/** A start that has not decided after this long never will. Milliseconds. */
const abandonedMs = 3_600_000

/** Whether a key whose folder is gone has provably nothing alive any more. */
export async function isGone(key: ProcessKey, looking: Looking): Promise<boolean> {
  const { places, host, table } = looking
  const claim = readClaim(places, key)
  if (claim === null || claim === 'unreadable' || (await lifeOf(claim, host, table)) !== 'gone') return false
  if (claim.boot !== host.boot) return true
  const { living, whole } = await table.members(claim, markerOf(places.folder(key)), performance.now())
  return whole && living.length === 0
}

/** Takes a key's folder out of the way in one step, then its claim: whatever interrupts this leaves a key that ran. */
export async function remove(key: ProcessKey, places: Places): Promise<void> {
  const aside = join(places.starting, `${key}~${randomUUID()}`)
  const claim = readClaim(places, key)
  const id = claim === null || claim === 'unreadable' ? null : claim.id
  const moved = unlessMissing(() => {
    renameSync(places.folder(key).path, aside)
    return true
  })
  failPoint('turn-put-away')
  unlessMissing(() => unlinkSync(places.claim(key)))
  failPoint('turn-forgotten')
  if (moved !== null) await rm(aside, { recursive: true, force: true })
  if (id !== null) await rm(places.prepared(key, id).path, { recursive: true, force: true })
}

/** Removes what starts left behind that were killed before their launcher decided, and removals that were interrupted. */
export async function sweep(places: Places, now: number): Promise<void> {
  for (const name of unlessMissing(() => readdirSync(places.starting)) ?? []) {
    const path = join(places.starting, name)
    const age = now - (unlessMissing(() => statSync(path))?.mtimeMs ?? now)
    const [key = '', id] = name.split('~')
    if (age < abandonedMs) continue
    const claim = readClaim(places, key)
    // The folder of a launcher that died right after its claim still tells what became of its key.
    if (claim === 'unreadable' || claim?.id === id) continue
    await rm(path, { recursive: true, force: true })
  }
}
