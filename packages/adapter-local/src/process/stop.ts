import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessKey } from '@orch/core'
import { codeOf } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { type Claim, lifeOf, readClaim } from './claim.ts'
import { markerOf } from './environment.ts'
import type { Places } from './folder.ts'
import type { Host } from './host.ts'
import type { ProcessEntry, ProcessTable } from './process-entry.ts'
import { processTable } from './process-table.ts'

/** How long killed processes get to be gone, and the launcher to write down the exit. */
const settleMs = 2000

interface Standing {
  /** The launcher lives: its group is ours to signal. */
  readonly leads: boolean
  readonly others: readonly ProcessEntry[]
  /** No other can have been missed. */
  readonly whole: boolean
}

export async function stopKey(options: {
  readonly key: ProcessKey
  readonly places: Places
  readonly host: Host
  readonly graceMs: number
  readonly signal: AbortSignal
}): Promise<'stopped' | 'survivors'> {
  const { key, places, host, graceMs, signal } = options
  const claim = readClaim(places, key)
  const marker = markerOf(places.folder(key))
  // Damaged: nothing proves which processes are its own but what they carry.
  const known = claim === 'unreadable' ? null : claim
  if (known !== null && (await lifeOf(known, host, processTable())) === 'hidden') return 'survivors'
  const look = () => standing(known, host, marker, processTable())
  const gone = ({ leads, others, whole }: Standing) => !leads && others.length === 0 && whole

  let now = await look()
  if (gone(now)) return 'stopped'
  // The launcher catches these two and waits on, so that it can record how the command ended.
  for (const name of ['SIGTERM', 'SIGCONT'] as const) signalAll(now, known, name)
  failPoint('turn-asked-to-stop')
  now = await until(look, gone, graceMs, signal)

  const deadline = performance.now() + settleMs
  while (!gone(now) && performance.now() < deadline) {
    for (const entry of now.others) send(entry.pid, 'SIGKILL')
    now = await until(look, (seen) => gone(seen) || seen.others.length > 0, 500, signal)
    // Nothing is left that it could wait for, and still it does not end: it is itself what hangs.
    if (now.leads && now.others.length === 0 && known !== null) send(-known.pid, 'SIGKILL')
  }
  failPoint('turn-stopped')
  return gone(now) ? 'stopped' : 'survivors'
}

async function standing(claim: Claim | null, host: Host, marker: string, table: ProcessTable): Promise<Standing> {
  if (claim !== null && claim.boot !== host.boot) return { leads: false, others: [], whole: true }
  const leads = claim !== null && (await lifeOf(claim, host, table)) === 'alive'
  const { living, whole } = await table.members(claim, marker, performance.now())
  return { leads, others: living, whole }
}

/** Every receiver was seen alive and identified in this look. */
function signalAll(now: Standing, claim: Claim | null, name: NodeJS.Signals): void {
  const inGroup = (entry: ProcessEntry) => claim !== null && entry.group === claim.pid
  // As a whole where we can, so that nothing is born in between. The number is taken as long as it names a group.
  if (claim !== null && (now.leads || now.others.some(inGroup))) send(-claim.pid, name)
  for (const entry of now.others) if (!inGroup(entry)) send(entry.pid, name)
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // Gone already, or another user's, which then shows as a survivor.
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error
  }
}

/** Looks at growing intervals until `enough` or `ms` are over; at least once. */
async function until(
  look: () => Promise<Standing>,
  enough: (seen: Standing) => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<Standing> {
  const deadline = performance.now() + ms
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    const seen = await look()
    const left = deadline - performance.now()
    if (enough(seen) || left <= 0) return seen
    await delay(Math.min(pause, left), undefined, { signal })
  }
}
