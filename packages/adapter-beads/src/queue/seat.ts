import { randomUUID } from 'node:crypto'
import { type Beat, digest, OrchError, type OwnerId } from '@orch/core'
import * as z from 'zod'
import { isDead, ownProof } from '../host/process-proof.ts'
import { type Issue, type IssueMap, metadataOf } from '../issue/issue.ts'
import { seatRow } from '../issue/row.ts'
import type { Database } from './database.ts'

const stored = z.object({ owner: z.string(), beat: z.number(), leaseMs: z.number(), process: z.unknown() })
type StoredBeat = z.infer<typeof stored>

/** A call takes half a second, and with thirty others beside it most of a minute: no lease is over sooner, whoever says so. Milliseconds. */
export const shortestLeaseMs = 120_000

/**
 * The seat of the one scheduler: an issue whose assignee schedules, held by the guard that fences every record. Owners beat in its metadata,
 * each under a key of its own; who has it is followed by another when its beat stands still for its lease, or its process is proved dead.
 */
export class Seat {
  readonly #database: Database
  /** Who we are in the seat: the first owner that beats here. */
  #name: OwnerId | null = null
  /** By our own monotonic clock. */
  readonly #seen = new Map<OwnerId, { readonly beat: number; readonly since: number }>()
  #saidAt = Number.NEGATIVE_INFINITY
  #leaseMs = shortestLeaseMs

  constructor(database: Database) {
    this.#database = database
  }

  async id(signal: AbortSignal): Promise<string> {
    return `${(await this.#database.identity(signal)).prefix}-orchestrator`
  }

  /** The issue itself, made when it is not there. */
  async issue(signal: AbortSignal): Promise<Issue> {
    const id = await this.id(signal)
    const known = (await this.#database.known(signal)).get(id)
    if (known !== undefined) return known
    const made = (await this.#database.add([seatRow(id, new Date().toISOString())], signal)).get(id)
    if (made !== undefined) return made
    throw new OrchError('port-failed', `bd import did not make ${id}`, { port: 'queue', retryable: true })
  }

  /** Whether we schedule: true takes the seat when it is free. */
  async take(owner: OwnerId | null, signal: AbortSignal): Promise<boolean> {
    this.#name ??= owner ?? `writer-${randomUUID().slice(0, 8)}`
    // A seat that was left alone for a lease may be another's by now.
    const isSure = performance.now() - this.#saidAt < this.#leaseMs
    if (isSure && (await this.issue(signal)).assignee === this.#name) return true
    await this.#database.issues(signal)
    if ((await this.issue(signal)).assignee === this.#name && isSure) return true
    return this.#say(this.#name, shortestLeaseMs, signal)
  }

  /** Whether another schedules. Whoever beats here and finds that the other has died takes over at once. */
  async isTaken(signal: AbortSignal): Promise<boolean> {
    const issue = (await this.#database.known(signal)).get(await this.id(signal))
    if (issue === undefined || (issue.assignee ?? '') === '' || issue.assignee === this.#name) return false
    if (this.#name === null || !(await this.#isOurs(issue))) return true
    return !(await this.#say(this.#name, this.#leaseMs, signal))
  }

  async beat(owner: OwnerId, leaseMs: number, signal: AbortSignal): Promise<readonly Beat[]> {
    if (leaseMs === 0) await this.#leave(owner, signal)
    else {
      this.#name ??= owner
      await this.#say(owner, leaseMs, signal)
    }
    await this.#database.sayBeaten(signal)
    return this.#beats(signal)
  }

  /** Gives the seat back, where we have it. */
  async leave(signal: AbortSignal): Promise<void> {
    if (this.#name !== null) await this.#leave(this.#name, signal)
  }

  async #beats(signal: AbortSignal): Promise<readonly Beat[]> {
    const issue = await this.issue(signal)
    const beats = beatsIn(issue)
    const dead = await Promise.all(beats.map(({ process }) => isDead(process)))
    const lost = beats.filter((_beat, index) => dead[index] && beats[index]?.owner !== issue.assignee)
    if (lost.length > 0) {
      await this.#database.unset(
        issue,
        lost.map(({ owner }) => keyOf(owner)),
        null,
        signal,
      )
    }
    return beats.filter((_beat, index) => !dead[index]).map(({ owner, beat, leaseMs }) => ({ owner, beat, leaseMs }))
  }

  /** Beats, and takes the seat with it when that is free; answers whether we have it. */
  async #say(owner: OwnerId, leaseMs: number, signal: AbortSignal): Promise<boolean> {
    const process = await ownProof()
    for (;;) {
      const saidAt = performance.now()
      const issue = await this.issue(signal)
      const before = beatsIn(issue).find((each) => each.owner === owner)
      const said: StoredBeat = { owner, beat: (before?.beat ?? 0) + 1, leaseMs, process }
      const metadata = { [keyOf(owner)]: said }
      const isMade = (after: Issue): boolean =>
        beatsIn(after).some((each) => each.owner === owner && each.beat === said.beat)
      if (!(await this.#isOurs(issue))) {
        const answered = await this.#database.annotate(issue, metadata, isMade, signal)
        // What the answer tells of the seat is newer than what was known.
        if (answered.ok && !(await this.#isOurs(answered.value))) return false
        if (!answered.ok && answered.refusal.reason !== 'unknown') throw refused(answered.refusal.text)
        if (!answered.ok) await this.#database.issues(signal)
        continue
      }
      const name = this.#name ?? owner
      const taken = await this.#database.change({ issue, assignee: name, metadata, isMade }, signal)
      if (taken.ok) {
        this.#saidAt = saidAt
        this.#leaseMs = leaseMs
        return true
      }
      if (taken.refusal.reason !== 'guard' && taken.refusal.reason !== 'unknown') throw refused(taken.refusal.text)
      await this.#database.issues(signal)
    }
  }

  async #leave(owner: OwnerId, signal: AbortSignal): Promise<void> {
    const issue = (await this.#database.known(signal)).get(await this.id(signal))
    if (issue === undefined || !beatsIn(issue).some((beat) => beat.owner === owner)) return
    const isMine = owner === this.#name && issue.assignee === owner
    await this.#database.unset(issue, [keyOf(owner)], isMine ? '' : null, signal)
    if (owner !== this.#name) return
    this.#name = null
    this.#saidAt = Number.NEGATIVE_INFINITY
  }

  /** We have it, or nobody does any more. */
  async #isOurs(issue: Issue): Promise<boolean> {
    const holder = issue.assignee ?? ''
    if (holder === '' || holder === this.#name) return true
    const beat = beatsIn(issue).find(({ owner }) => owner === holder)
    if (beat === undefined || (await isDead(beat.process))) return true
    const now = performance.now()
    const seen = this.#seen.get(holder)
    const since = seen?.beat === beat.beat ? seen.since : now
    this.#seen.set(holder, { beat: beat.beat, since })
    return now - since >= Math.max(beat.leaseMs, shortestLeaseMs)
  }
}

/** Whether nothing new is to be started. */
export function isPaused(issues: IssueMap, seat: string): boolean {
  const issue = issues.get(seat)
  return issue !== undefined && metadataOf(issue)?.paused === true
}

function keyOf(owner: OwnerId): string {
  return `beat_${digest(owner).slice(0, 12)}`
}

function beatsIn(issue: Issue): readonly StoredBeat[] {
  return Object.entries(metadataOf(issue) ?? {}).flatMap(([name, value]) => {
    const read = name.startsWith('beat_') ? stored.safeParse(value, { jitless: true }) : null
    return read?.success === true && keyOf(read.data.owner) === name ? [read.data] : []
  })
}

function refused(text: string): OrchError {
  return new OrchError('port-failed', `bd did not keep the seat: ${text.slice(0, 300)}`, {
    port: 'queue',
    retryable: true,
  })
}
