import type { ProcessKey } from '@orch/core'
import { lookAt, readText } from '../disk/files.ts'
import type { Places } from './folder.ts'
import type { Host } from './host.ts'
import type { ProcessTable } from './process-entry.ts'

/**
 * Who runs or ran a key: one line, written by the launcher and linked to its place in one step, so that it is there whole or not
 * at all. It stays when the folder is deleted.
 */
export interface Claim extends Host {
  readonly pid: number
  /** Tells two processes with one number apart; in the words of the platform. */
  readonly start: string
  /** Which start won. */
  readonly id: string
}

export function whereOf(host: Host): string {
  return `${host.boot} ${host.namespace} ${host.machine}`
}

/** Null for what is not a claim. */
function parseClaim(line: string): Claim | null {
  const match = /^1 (\d{1,10}) (\S+) (\S+) (\S+) (\S+) (\S[^\n]*)\n$/.exec(line)
  if (match === null) return null
  const [, pid = '', id = '', boot = '', namespace = '', machine = '', start = ''] = match
  return { pid: Number(pid), id, boot, namespace, machine, start: start.trim() }
}

/** `null`: the key never ran. `unreadable`: something is there that we cannot understand. */
export function readClaim(places: Places, key: ProcessKey): Claim | 'unreadable' | null {
  const [claim, pid] = [places.claim(key), places.folder(key).pid]
  // Keys that never ran are asked about in every pass: for them nothing is opened in vain, which would cost an error each.
  if (lookAt(claim) === null && lookAt(pid) === null) return null
  const text = readText(claim) ?? readText(pid)
  return (text === null ? null : parseClaim(text)) ?? 'unreadable'
}

/** `gone` is said only with proof; `hidden` means that it cannot be seen from here. */
export type Life = 'alive' | 'gone' | 'hidden'

export async function lifeOf(claim: Claim, host: Host, table: ProcessTable): Promise<Life> {
  if (claim.boot !== host.boot) return claim.machine === host.machine ? 'gone' : 'hidden'
  if (claim.namespace !== host.namespace) return 'hidden'
  const found = await table.find(claim.pid)
  if (found === 'unreadable') return 'hidden'
  return found?.start === claim.start && !found.dead ? 'alive' : 'gone'
}
