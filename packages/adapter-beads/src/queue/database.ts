import { OrchError } from '@orch/core'
import * as z from 'zod'
import type { Answered, Bd } from '../bd/bd.ts'
import { type Identity, identify } from '../bd/identity.ts'
import { Lane } from '../bd/lane.ts'
import { stampOf } from '../bd/manifest.ts'
import { type Issue, type IssueMap, issueList, metadataOf } from '../issue/issue.ts'
import { type ImportRow, linesOf } from '../issue/row.ts'

/** Importing takes its time: milliseconds. */
const importLimitMs = 600_000

/** One change of one issue. Its guards are what the issue was when it was last read. */
export interface Change {
  readonly issue: Issue
  readonly status?: string
  readonly assignee?: string
  readonly metadata?: object
  /** Whether `after` is what this change makes of the issue: asked when nobody knows whether it was made. */
  readonly isMade: (after: Issue) => boolean
}

/** All issues as they were last read, and what is written to them. */
export class Database {
  readonly bd: Bd
  /** Verbs of one queue follow each other: what one decides on is still so when it writes. */
  readonly lane = new Lane()
  #identity: Identity | null = null
  #issues: IssueMap | null = null
  #stamp: string | null = null
  /** The stamp after our last beat, which is no news to anybody. */
  #beaten: string | null = null

  constructor(bd: Bd) {
    this.bd = bd
  }

  /** The database that was there at first. */
  async identity(signal: AbortSignal): Promise<Identity> {
    this.#identity ??= await identify(this.bd, signal)
    return this.#identity
  }

  /** All issues: read once, and again when somebody has written since. */
  async issues(signal: AbortSignal): Promise<IssueMap> {
    const identity = await this.identity(signal)
    const stamp = await stampOf(identity)
    if (this.#issues !== null && stamp !== null && stamp === this.#stamp) return this.#issues
    return this.#read(identity, stamp, signal)
  }

  /** The same as of the last look, however long ago that was. */
  async known(signal: AbortSignal): Promise<IssueMap> {
    return this.#issues ?? (await this.issues(signal))
  }

  async #read(identity: Identity, stamp: string | null, signal: AbortSignal): Promise<IssueMap> {
    const list = await this.bd
      .ask({ argv: ['list', '--all', '-n', '0', '--json'], answer: issueList, signal })
      .catch(goneSince)
    const before = this.#issues
    const issues = new Map(list.map((issue) => [issue.id, issue]))
    // A lost database reads like an empty one, and so does another that was put in its place.
    const isOdd = issues.size === 0 || stamp === null || [...(before?.keys() ?? [])].some((id) => !issues.has(id))
    if (isOdd) await this.#checkIdentity(identity, signal)
    this.#issues = issues
    this.#stamp = stamp
    return issues
  }

  /** Throws unless it is the database that this queue began with: absence says nothing before. */
  async #checkIdentity(identity: Identity, signal: AbortSignal): Promise<void> {
    const now = await identify(this.bd, signal).catch(goneSince)
    if (now.project === identity.project && now.prefix === identity.prefix) return
    throw lostText(
      `the Beads database in ${identity.folder} is another one than the run began with: nothing is started`,
    )
  }

  /** Reads one issue anew; null when it is gone. */
  async look(id: string, signal: AbortSignal): Promise<Issue | null> {
    const answered = await this.bd.try({ argv: ['show', '--json', '--', id], answer: issueShapes, signal })
    if (!answered.ok && answered.refusal.reason !== 'unknown') throw refused('show', answered.refusal.text)
    return (answered.ok ? answered.value.find((issue) => issue.id === id) : null) ?? null
  }

  /** Makes a change if the issue still is as it was read, guard and write in one call. */
  async change(change: Change, signal: AbortSignal): Promise<Answered<Issue>> {
    const { issue, status, assignee, metadata, isMade } = change
    const { id } = issue
    const argv = [
      'update',
      `--if-assignee=${issue.assignee ?? ''}`,
      `--if-status=${issue.status}`,
      ...(status === undefined || status === issue.status ? [] : [`--status=${status}`]),
      ...(assignee === undefined || assignee === (issue.assignee ?? '') ? [] : [`--assignee=${assignee}`]),
      ...(metadata === undefined ? [] : ['--metadata=@/dev/stdin']),
      '--json',
      '--',
      id,
    ]
    return this.#written(issue, { argv, ...(metadata && { input: JSON.stringify(metadata) }) }, isMade, signal)
  }

  /** Adds to the metadata without any guard: each key is written by one. */
  async annotate(
    issue: Issue,
    metadata: object,
    isMade: (after: Issue) => boolean,
    signal: AbortSignal,
  ): Promise<Answered<Issue>> {
    const argv = ['update', '--metadata=@/dev/stdin', '--json', '--', issue.id]
    return this.#written(issue, { argv, input: JSON.stringify(metadata) }, isMade, signal)
  }

  /** Takes keys out of the metadata; with `assignee` also gives the issue to somebody else. */
  async unset(
    issue: Issue,
    keys: readonly string[],
    assignee: string | null,
    signal: AbortSignal,
  ): Promise<Answered<Issue>> {
    const guard = assignee === null ? [] : [`--if-assignee=${issue.assignee ?? ''}`, `--assignee=${assignee}`]
    const argv = ['update', ...guard, ...keys.map((key) => `--unset-metadata=${key}`), '--json', '--', issue.id]
    const isMade = (after: Issue): boolean => keys.every((key) => !(key in (metadataOf(after) ?? {})))
    return this.#written(issue, { argv }, isMade, signal)
  }

  /** Closes what `bd` would rather keep open, because something below or before it is not closed. */
  async forceClosed(issue: Issue, metadata: object, signal: AbortSignal): Promise<Answered<Issue>> {
    const argv = ['update', '--force', '--status=closed', '--metadata=@/dev/stdin', '--json', '--', issue.id]
    const isMade = (after: Issue): boolean => after.status === 'closed'
    return this.#written(issue, { argv, input: JSON.stringify(metadata) }, isMade, signal)
  }

  async #written(
    before: Issue,
    call: { readonly argv: readonly string[]; readonly input?: string },
    isMade: (after: Issue) => boolean,
    signal: AbortSignal,
  ): Promise<Answered<Issue>> {
    const answered = await this.bd.write({ ...call, answer: issueShapes, signal }, async () => {
      const there = await this.look(before.id, signal)
      return there !== null && isMade(there) ? [there] : null
    })
    if (!answered.ok) {
      this.#stamp = null
      return answered
    }
    // The answer to a write has no edges, and those of `show` look different.
    const after = { ...answered.value[0], dependencies: before.dependencies } as Issue
    if (after.id !== before.id) throw refused('update', `it wrote ${after.id} instead of ${before.id}`)
    this.#keep(after)
    return { ok: true, value: after }
  }

  #keep(issue: Issue): void {
    if (this.#issues === null) return
    this.#issues = new Map([...this.#issues, [issue.id, issue]])
  }

  /** Adds issues; those that exist stay as they are. */
  async add(rows: readonly ImportRow[], signal: AbortSignal): Promise<IssueMap> {
    const call = {
      argv: ['import', '-', '--json'],
      input: linesOf(rows),
      answer: z.unknown(),
      signal,
      limitMs: importLimitMs,
    }
    // Repeating it changes nothing, so whether it was done is seen by the look that follows.
    const answered = await this.bd.write(call, async () => ({}))
    if (!answered.ok) throw refused('import', answered.refusal.text)
    this.#stamp = null
    return this.issues(signal)
  }

  /** What was just written is news to nobody. */
  async sayBeaten(signal: AbortSignal): Promise<void> {
    this.#beaten = await stampOf(await this.identity(signal))
  }

  isNews(stamp: string | null): boolean {
    return stamp !== this.#beaten
  }
}

/** Of `show` and `update`: edges have another shape there and are not looked at. */
const issueShapes = z.array(z.looseObject({})).transform((list, context) => {
  const read = issueList.safeParse(
    list.map((each) => ({ ...each, dependencies: [] })),
    { jitless: true },
  )
  if (read.success && read.data.length > 0) return read.data
  context.addIssue({ code: 'custom', message: 'it names no issue' })
  return z.NEVER
})

/** What could be used before is lost, and may be put back: whoever runs waits for that. */
function goneSince(error: unknown): never {
  const isGone = OrchError.is(error) && (error.code === 'store-lost' || error.code === 'beads-unusable')
  throw isGone ? lostText(error.message, error) : error
}

function lostText(message: string, cause?: unknown): OrchError {
  return new OrchError('store-lost', message, { port: 'queue', retryable: true, cause })
}

function refused(verb: string, text: string): OrchError {
  return new OrchError('port-failed', `bd ${verb} refused: ${text.slice(0, 300)}`, { port: 'queue', retryable: true })
}
