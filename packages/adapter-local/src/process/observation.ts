import { type JsonValue, OrchError, type ProcessKey, type Redact, type Turn } from '@orch/core'
import { codeOf, isFolder, lookAt, readPart, readText } from '../disk/files.ts'
import { type Claim, lifeOf, readClaim } from './claim.ts'
import { markerOf } from './environment.ts'
import { type Folder, type Places, statFile } from './folder.ts'
import type { Host } from './host.ts'
import { emptyMark, type OutboxMark, readOutbox, saidIn } from './outbox.ts'
import type { ProcessTable } from './process-entry.ts'
import { redactReport } from './redaction.ts'
import { lengthOf, type Silence, silenceIn } from './silence.ts'

/** What a runner has already read of a key. Saves work and never decides: whatever it holds can no longer change on disk. */
export interface Memory {
  claim: Claim
  mark: OutboxMark
  resume: JsonValue | null
  silence: Silence | null
  /** Its end, once nothing of it is left alive. */
  end: Turn | null
}

export interface Looking {
  readonly places: Places
  readonly host: Host
  readonly table: ProcessTable
  /** Keys that this runner started. */
  readonly started: ReadonlySet<ProcessKey>
  /** A table that may be some seconds old: for keys of others of which every record was taken away. */
  readonly lately: () => ProcessTable
  readonly memory: Map<ProcessKey, Memory>
  /**
   * Keys without any record that no living process belonged to when it was looked for: who starts them from then on leaves one. Those
   * that are still asked about.
   */
  readonly unused: Set<ProcessKey>
  /** For what an agent says. */
  readonly redact: Redact
}

export async function observeKey(key: ProcessKey, looking: Looking): Promise<Turn> {
  try {
    return await look(key, looking)
  } catch (error) {
    if (OrchError.is(error)) throw error
    // Somebody may have removed it while we read, or we may not read it. Neither proves anything.
    return { is: 'unknown', why: `${key} cannot be read: ${codeOf(error) ?? String(error)}` }
  }
}

async function look(key: ProcessKey, looking: Looking): Promise<Turn> {
  const { places, host, table, memory, redact } = looking
  const claim = memory.get(key)?.claim ?? readClaim(places, key)
  if (claim === 'unreadable') return { is: 'unknown', why: `the record of ${key} is damaged` }
  if (claim === null) {
    if (looking.unused.has(key)) return { is: 'never' }
    const marker = markerOf(places.folder(key))
    const strays = await (looking.started.has(key)
      ? table.members(null, marker, performance.now())
      : looking.lately().members(null, marker, 0))
    const [stray] = strays.living
    if (stray !== undefined) {
      return { is: 'unknown', why: `every record of ${key} is gone, but process ${stray.pid} of it lives` }
    }
    if (!strays.whole)
      return { is: 'unknown', why: `too many processes come and go to tell whether one of ${key} lives` }
    looking.unused.add(key)
    return { is: 'never' }
  }
  looking.unused.delete(key)
  const folder = folderOf(claim, key, places)
  if (folder === null) return { is: 'unknown', why: `the folder of ${key} is gone` }
  const known = memory.get(key) ?? recall(claim, folder)
  memory.set(key, known)
  if (known.end !== null) return known.end

  // Life first: a process that was already dead has written all that it ever will.
  const life = await lifeOf(claim, host, table)
  const exit = readExit(folder)
  const [log, outbox] = [statFile(folder.log), statFile(folder.outbox)]
  known.mark = readOutbox(folder.outbox, outbox, known.mark)
  const said = saidIn(known.mark)
  const spoken = { report: redactReport(said.report, redact), reports: said.reports }
  if (exit === null && life === 'alive') {
    // Who was told something may think about it as long as anybody.
    const told = lookAt(folder.sent)?.mtimeMs
    const sign = [log?.size, log?.modified, outbox?.size, outbox?.modified, told].join(' ')
    known.silence = await silenceIn(folder, host, sign, known.silence)
    const lastSignAt = Math.floor(Math.max(log?.modified ?? 0, outbox?.modified ?? 0))
    const runsFor = table.ageOf(claim.start)
    const silentFor = lengthOf(known.silence)
    return { is: 'alive', pid: claim.pid, sign, lastSignAt, ...(runsFor !== null && { runsFor }), silentFor, ...spoken }
  }
  if (exit === null && life === 'hidden') {
    return { is: 'unknown', why: `process ${claim.pid} of ${key} runs on another machine or cannot be seen from here` }
  }
  const survivors = life !== 'hidden' && (await hasSurvivors(claim, key, performance.now(), looking))
  const rest = { ...spoken, survivors, resume: known.resume }
  const turn: Turn = exit === null ? { is: 'vanished', ...rest } : { is: 'ended', exit, ...rest }
  if (!survivors) known.end = turn
  return turn
}

/** Whether anything of a process is alive beside its launcher, which was `gone` at that moment. Nothing outlives a reboot. */
async function hasSurvivors(claim: Claim, key: ProcessKey, gone: number, { host, table, places }: Looking) {
  if (claim.boot !== host.boot) return false
  const { living, whole } = await table.members(claim, markerOf(places.folder(key)), gone)
  return living.length > 0 || !whole
}

/** Under the key's name; under the start's, when the launcher died or is still busy between its claim and the renaming. */
export function folderOf(claim: Claim, key: ProcessKey, places: Places): Folder | null {
  for (const folder of [places.folder(key), places.prepared(key, claim.id)]) {
    if (isFolder(folder.path)) return folder
  }
  return null
}

function recall(claim: Claim, folder: Folder): Memory {
  const started = parse(readText(folder.started) ?? '')
  return { claim, mark: emptyMark, resume: started, silence: null, end: null }
}

/** The session that the start was given: it is the one to resume again. */
function parse(started: string): JsonValue | null {
  try {
    const value: unknown = JSON.parse(started)
    return typeof value === 'object' && value !== null && 'resume' in value ? (value.resume as JsonValue) : null
  } catch {
    return null // evidence that somebody damaged; the turn then starts a new session
  }
}

/** Null while none is recorded. Throws on what our launcher cannot have written. */
function readExit(folder: Folder): number | null {
  if (statFile(folder.exit) === null) return null
  const text = readPart(folder.exit, 0, 16).toString('utf8')
  const match = /^(\d{1,3})\s*$/.exec(text)
  if (match === null) throw new Error('its exit status is damaged')
  return Number(match[1])
}
