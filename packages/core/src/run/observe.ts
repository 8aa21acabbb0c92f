import { isEpic, withEpics } from '../decide/epic-tasks.ts'
import { judgingKeysOf } from '../decide/judging.ts'
import { atWork } from '../decide/standing.ts'
import type { World } from '../decide/world.ts'
import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import { type ProcessKey, toldBy, turnKey } from '../model/process-key.ts'
import type { OwnerId, RunRecord } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import type { RunSnapshot } from '../ports/run-store.ts'
import type { LandedQuestion } from '../ports/vcs.ts'
import { lookForConflicts } from './conflicts.ts'
import type { Noticed } from './noticed.ts'
import type { Ports } from './ports.ts'
import type { Sightings } from './sightings.ts'

export interface Observer {
  readonly owner: OwnerId
  readonly policy: Policy
  readonly sightings: Sightings
  /** Those whose lease holds, as it is known after `owners` were read: one that has just come has said so before it claimed. */
  liveOwners(owners: readonly OwnerId[]): Promise<ReadonlySet<OwnerId>>
  readonly busy: ReadonlySet<TaskId>
  readonly noticed: Noticed
  /** A port that did not answer; the world says so too. */
  readonly onProblem: (message: string) => void
}

const noReviews: World['reviews'] = new Map()

/** Reads everything once: the queue, git, the processes, the reviews. A port that does not answer is part of the world. */
export async function observe(ports: Ports, observer: Observer, signal: AbortSignal): Promise<World> {
  const { sightings, policy } = observer
  // Taken before the first read: an effect that ends meanwhile has moved what was read already.
  const busy = new Set(observer.busy)
  // The records first: a task that changes in between makes the claim stale.
  const read = await ports.queue.read({ signal })
  const listed = await ports.queue.list({ signal })
  const present = new Set(listed.tasks.map((task) => task.id))
  const current = withoutGone(read, present, observer.noticed.gone)
  const known = await withNamed(ports, current, epicsOf(listed.tasks, policy), signal)
  const owners = known.records.flatMap(({ state }) => (state.run.owner === null ? [] : [state.run.owner]))
  const liveOwners = await observer.liveOwners(owners)
  const keys = processKeys(known.records, policy)
  const [vcs, processes, reviews] = await Promise.all([
    orNull(
      ports.vcs.observe({
        landed: landedQuestions(known.records),
        targets: otherTargets(known.records, policy),
        signal,
      }),
      observer,
    ),
    orNull(ports.runner.observe({ keys, signal }), observer),
    ports.review === null
      ? noReviews
      : orNull(ports.review.observe({ branches: reviewBranches(known.records), signal }), observer),
  ])

  const asked = new Set(keys)
  const unasked = new Map([...(processes ?? [])].filter(([key]) => !asked.has(key)))
  const snapshot = await withClosed(ports, known, { of: unasked, strangers: observer.noticed.strangers }, signal)
  const elapsed = ports.clock.elapsed()
  const records = new Map(snapshot.records.map((record) => [record.id, record]))
  const whole = withEpics(listed.tasks, records, policy)
  const tasks = new Map(whole.map((task) => [task.id, task]))
  const conflicts = await conflictsNow(
    { ports, observer, elapsed },
    { tasks, records, vcs, revision: snapshot.revision },
    signal,
  )
  const { passed } = observer.noticed
  sightings.begin()
  const ages = {
    record: new Map(snapshot.records.map((r) => [r.id, sightings.age(`record ${r.id}`, r.version, elapsed)])),
    sign: new Map<ProcessKey, number>(),
    turn: new Map<ProcessKey, number>(),
    landing: new Map([...observer.noticed.landingTries].map(([id, at]) => [id, elapsed - at])),
  }
  const turns = new Map<ProcessKey, Turn>()
  for (const key of keys) {
    const turn = processes?.get(key)
    if (turn === undefined) continue
    turns.set(key, turn)
    const seenFor = sightings.age(`turn ${key}`, turn.is, elapsed)
    // Who has just come has not seen it begin.
    ages.turn.set(key, turn.is === 'alive' ? Math.max(seenFor, turn.runsFor ?? 0) : seenFor)
    if (turn.is === 'alive')
      ages.sign.set(key, Math.max(sightings.age(`sign ${key}`, turn.sign, elapsed), turn.silentFor ?? 0))
  }
  sightings.end()

  return {
    tasks,
    records,
    requests: snapshot.requests,
    revision: snapshot.revision,
    paused: snapshot.paused,
    taken: snapshot.taken ?? false,
    complete: listed.complete && snapshot.complete,
    vcs,
    turns,
    unasked,
    reviews,
    owner: observer.owner,
    liveOwners,
    ages,
    unstackable: observer.noticed.unstackable,
    judged: observer.noticed.judged,
    laneLandings: observer.noticed.laneLandings,
    passed: passed === null ? null : { commit: passed.commit, age: elapsed - passed.at },
    left: observer.noticed.left,
    conflicts,
    busy,
    now: new Date(ports.clock.now()).toISOString(),
  }
}

/** Milliseconds between two looks at what agents are at, and how many times as long as the last one took. */
const conflictsMs = 5000
const conflictsShare = 20

/** As they were a moment ago: agents write all the time, and a look at each of their files on every pass would keep the disk busy. */
async function conflictsNow(
  { ports, observer, elapsed }: { readonly ports: Ports; readonly observer: Observer; readonly elapsed: number },
  found: Pick<World, 'tasks' | 'records' | 'revision' | 'vcs'>,
  signal: AbortSignal,
): Promise<World['conflicts']> {
  const { noticed, policy } = observer
  const last = noticed.conflicts
  // What is done within seconds is not worth a look.
  if (last === null) noticed.conflicts = { until: elapsed + conflictsMs, seen: null, problem: null }
  if (last === null || elapsed < last.until) return last?.seen ?? null
  const tried = await lookForConflicts(ports.vcs, { ...found, policy }, { signal }).then(
    (seen) => ({ seen, problem: null }),
    (error: unknown) => {
      // Nobody's work depends on it, so nothing that one of them has left in its files ends the run.
      if (!OrchError.is(error) || error.code === 'bug') throw error
      if (error.message !== last.problem) observer.onProblem(error.message)
      return { seen: null, problem: error.message }
    },
  )
  const took = ports.clock.elapsed() - elapsed
  noticed.conflicts = { ...tried, until: elapsed + took + Math.max(conflictsMs, took * conflictsShare) }
  return tried.seen
}

/** Epics with a branch of their own of which something is open, or named by something open. */
function epicsOf(tasks: readonly Task[], policy: Policy): readonly TaskId[] {
  const named = tasks.flatMap(({ epic }) => epic ?? [])
  return [...new Set(named)].filter((id) => isEpic(policy, id))
}

/** A store may leave closed records out: whether a branch landed that another one started on is asked for, and whether an epic did. */
async function withNamed(
  ports: Ports,
  snapshot: RunSnapshot,
  epics: readonly TaskId[],
  signal: AbortSignal,
): Promise<RunSnapshot> {
  const known = new Set(snapshot.records.map(({ id }) => id))
  const named = [...snapshot.records.flatMap(({ state }) => state.branch?.on ?? []), ...epics]
  const missing = new Set(named.filter((id) => !known.has(id)))
  if (missing.size === 0) return snapshot
  const all = await ports.queue.read({ all: true, signal })
  const records = [...snapshot.records, ...all.records.filter(({ id }) => missing.has(id))]
  return { ...lookedAgain(snapshot, all), records, complete: snapshot.complete && all.complete }
}

/** What was said between the two reads holds for what is decided on the first. */
function lookedAgain(first: RunSnapshot, { taken, paused }: RunSnapshot): RunSnapshot {
  return { ...first, taken: first.taken === true || taken === true, paused: first.paused || paused }
}

/** Of a task that was closed before its process was started. */
async function withClosed(
  ports: Ports,
  snapshot: RunSnapshot,
  living: { readonly of: ReadonlyMap<ProcessKey, Turn>; readonly strangers: Set<ProcessKey> },
  signal: AbortSignal,
): Promise<RunSnapshot> {
  const { of, strangers } = living
  const unknown = [...of.keys()].filter((key) => !strangers.has(key))
  if (unknown.length === 0) return snapshot
  const known = new Set(snapshot.records.map(({ id }) => slugOf(id)))
  const missing = unknown.filter((key) => !known.has(toldBy(key)?.slug ?? ''))
  if (missing.length === 0) return snapshot
  const slugs = new Set(missing.map((key) => toldBy(key)?.slug))
  const all = await ports.queue.read({ all: true, signal })
  const found = all.records.filter(({ id }) => slugs.has(slugOf(id)))
  const told = new Set(found.map(({ id }) => slugOf(id)))
  for (const key of missing) if (!told.has(toldBy(key)?.slug ?? '')) strangers.add(key)
  // Whoever owns one that is new since the first read was not looked at.
  const closed = found.filter(({ state }) => state.phase === 'closed')
  return { ...lookedAgain(snapshot, all), records: [...snapshot.records, ...closed] }
}

/** An end that cannot be written down, because its task is nowhere any more, is nobody's to bring about: it counts as closed. */
function withoutGone(snapshot: RunSnapshot, listed: ReadonlySet<TaskId>, gone: ReadonlySet<TaskId>): RunSnapshot {
  const lost = (id: TaskId): boolean => gone.has(id) && !listed.has(id)
  return {
    ...snapshot,
    records: snapshot.records.map((record) =>
      lost(record.id) && record.state.outcome !== null
        ? { ...record, state: { ...record.state, phase: 'closed' } }
        : record,
    ),
    requests: snapshot.requests.filter(({ id }) => !lost(id)),
  }
}

/** What does not answer now but may later is unknown; anything else is the caller's to hear. */
async function orNull<T>(answer: Promise<T>, observer: Observer): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (!OrchError.is(error) || !error.retryable) throw error
    observer.onProblem(error.message)
    return null
  }
}

function processKeys(records: readonly RunRecord[], policy: Policy): readonly ProcessKey[] {
  const keys: ProcessKey[] = []
  for (const record of records) {
    const { id, state } = record
    if (atWork(state)) keys.push(turnKey(id, state.run.attempt, state.run.turn))
    keys.push(...judgingKeysOf({ policy }, record))
  }
  return [...new Set(keys)]
}

function landedQuestions(records: readonly RunRecord[]): readonly LandedQuestion[] {
  return records.flatMap(({ id, state }) => {
    const head = state.branch?.head
    if (state.phase !== 'pr_created' || state.outcome !== null || state.branch === null || head == null) return []
    // What takes back the work that it started on changes nothing until that has landed.
    if (state.branch.on !== undefined) return []
    const { base, target } = state.branch
    return [{ task: id, target, head, base, commit: state.review?.candidate?.commit ?? null }]
  })
}

/** What records say counts until they are closed, whatever the policy says by now. */
export function otherTargets(records: readonly RunRecord[], { epics }: Policy): readonly string[] {
  const named = records.flatMap(({ state }) => (state.phase === 'closed' ? [] : (state.branch?.target ?? [])))
  return [...new Set([...Object.values(epics).map(({ target }) => target), ...named])]
}

function reviewBranches(records: readonly RunRecord[]): readonly string[] {
  return records.flatMap(({ state }) =>
    state.phase === 'pr_created' && state.branch !== null ? [state.branch.name] : [],
  )
}
