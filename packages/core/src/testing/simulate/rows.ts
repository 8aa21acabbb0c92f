import type { Action } from '../../decide/action.ts'
import { outlivedBy } from '../../decide/outlived.ts'
import { reviewerOf } from '../../decide/reviewing.ts'
import type { World } from '../../decide/world.ts'
import { turnKey } from '../../model/process-key.ts'
import type { RunRecord } from '../../model/run-state.ts'
import type { Turn } from '../../model/turn.ts'

/** A record, the world that it was seen in, and what was decided about it. */
interface Met {
  readonly world: World
  readonly record: RunRecord
  readonly action: Action | null
}

function turnOf({ world, record: { id, state } }: Met): Turn | undefined {
  return world.turns.get(turnKey(id, state.run.attempt, state.run.turn))
}

/** Ours to look after, with nothing decided about its end and a turn that may be under way. */
function isAt(met: Met, phase: RunRecord['state']['phase']): boolean {
  const { state } = met.record
  return (
    state.phase === phase && state.run.owner === met.world.owner && state.outcome === null && state.run.wants === null
  )
}

function isIn(met: Met, phase: RunRecord['state']['phase'], turn: Turn['is']): boolean {
  return isAt(met, phase) && turnOf(met)?.is === turn
}

function isReviewer(met: Met, turn: Turn['is']): boolean {
  const key = reviewerOf(met.record)
  return key !== null && isAt(met, 'pr_created') && met.world.turns.get(key)?.is === turn
}

function workspaceOf({ world, record }: Met) {
  return world.vcs?.workspaces.get(record.state.branch?.workspace ?? '')
}

function reviewOf({ world, record }: Met) {
  return world.reviews?.get(record.state.branch?.name ?? '')
}

/** What a `write` makes of the record. */
function written({ action }: Met): RunRecord['state'] | null {
  return action?.do === 'write' ? action.next : null
}

/** The table of recovery: what is recorded and found, and what is done then. */
export const isReached = {
  'spawned, no workspace: make or adopt it': (met) =>
    isAt(met, 'spawned') && met.action?.do === 'create-workspace' && workspaceOf(met) === undefined,
  'spawned, torn workspace: complete it': (met) =>
    isAt(met, 'spawned') && met.action?.do === 'create-workspace' && workspaceOf(met)?.state === 'torn',
  'spawned, turn never: start the agent': (met) => isIn(met, 'spawned', 'never') && met.action?.do === 'start-turn',
  'spawned, turn alive: working': (met) => isIn(met, 'spawned', 'alive') && written(met)?.phase === 'working',
  'working, turn alive: wait': (met) => isIn(met, 'working', 'alive') && met.action === null,
  'working, turn alive past a limit: stop it': (met) =>
    isIn(met, 'working', 'alive') && met.action?.do === 'stop' && met.record.state.run.stopping !== null,
  'working, turn ended done: seal': (met) => isIn(met, 'working', 'ended') && met.action?.do === 'seal',
  'working, turn ended failed: pin, next attempt': (met) =>
    isIn(met, 'working', 'ended') && met.action?.do === 'fail-attempt' && !met.action.last,
  'working, turn ended failed for the last time: stuck': (met) =>
    isIn(met, 'working', 'ended') && met.action?.do === 'fail-attempt' && met.action.last,
  'working, turn vanished: pin, next attempt': (met) =>
    isIn(met, 'working', 'vanished') && met.action?.do === 'fail-attempt',
  'working, turn unknown: wait for a lease': (met) => isIn(met, 'working', 'unknown') && met.action === null,
  'working, turn unknown for a lease: ask a person': (met) =>
    isIn(met, 'working', 'unknown') && written(met)?.run.stuck != null,
  'working, turn never: next attempt': (met) => isIn(met, 'working', 'never') && met.action?.do === 'fail-attempt',
  'an unanswered stuck report outranks exit 0': (met) =>
    isIn(met, 'working', 'ended') && written(met)?.run.stuck?.by === 'agent',
  'changes requested: same review, next turn': (met) =>
    isAt(met, 'spawned') && met.action?.do === 'start-turn' && met.record.state.review !== null,
  'committed, no review for that head: open it': (met) =>
    isAt(met, 'committed') && met.action?.do === 'open-review' && met.record.state.review === null,
  'head moved: new review round': (met) => met.action?.do === 'open-review' && met.record.state.review !== null,
  'pr_created, reviewer never started: start it': (met) => isAt(met, 'pr_created') && met.action?.do === 'start-review',
  'pr_created, reviewer alive past a limit: stop it': (met) =>
    isReviewer(met, 'alive') && met.action?.do === 'stop' && met.record.state.run.stopping !== null,
  'pr_created, reviewer alive with an answer that cannot be used: tell it': ({ record, action }) =>
    action?.do === 'send' && action.key === reviewerOf(record),
  'pr_created, reviewer ended without a verdict: once more': (met) =>
    isReviewer(met, 'ended') && written(met)?.review?.reviewer?.run === null && written(met)?.run.stuck === null,
  'pr_created, reviewer vanished: once more': (met) =>
    isReviewer(met, 'vanished') && written(met)?.review?.reviewer?.run === null,
  'pr_created, no verdict for the last time: ask a person': (met) =>
    isReviewer(met, 'ended') && written(met)?.run.stuck != null,
  'pr_created, reviewer approves: it may land': (met) =>
    met.action?.do === 'take-verdict' && met.action.verdict.verdict === 'approve',
  'pr_created, reviewer asks for changes: back to its agent': (met) =>
    met.action?.do === 'take-verdict' && met.action.verdict.verdict === 'changes',
  'pr_created, reviewer alive, and its change goes another way: stop it': ({ record, action }) =>
    action?.do === 'stop' && action.key === reviewerOf(record) && record.state.run.stopping === null,
  'pr_created, landed by us before a crash: look whether it is there as it was tested, then merged': (met) =>
    isAt(met, 'pr_created') && met.action?.do === 'verify-landing',
  'pr_created, merged by somebody else: merged': (met) =>
    isAt(met, 'pr_created') && written(met)?.review?.landed?.by === 'other',
  'pr_created, review closed without merging: stuck': (met) =>
    isAt(met, 'pr_created') && reviewOf(met)?.state === 'closed' && written(met)?.run.stuck != null,
  'pr_created, its remote did not answer: push it once more': (met) =>
    isAt(met, 'pr_created') && met.record.state.review?.waits?.for === 'unreachable' && met.action?.do === 'land',
  'pr_created, merged by its review host, which we asked for it: look whether it is there as it was tested, then merged':
    (met) =>
      isAt(met, 'pr_created') &&
      met.action?.do === 'verify-landing' &&
      met.record.state.review?.candidate?.asked === true,
  'pr_created, merged by its review host, and the target does not hold it: say so': (met) =>
    isAt(met, 'pr_created') && reviewOf(met)?.state === 'merged' && written(met)?.review?.waits?.for === 'host',
  'pr_created, its review host did not merge it: ask once more': (met) =>
    isAt(met, 'pr_created') && met.record.state.review?.waits?.for === 'host' && met.action?.do === 'land',
  'pr_created, checks killed: once more': (met) =>
    isAt(met, 'pr_created') && (written(met)?.review?.candidate?.lost ?? 0) > 0,
  'pr_created, files of it are to be made: make them': ({ record: { state }, action }) =>
    action?.do === 'start-checks' && action.on === 'candidate' && (state.review?.candidate?.stale ?? []).length > 0,
  'pr_created, its files are made: take them': (met) => met.action?.do === 'amend-candidate',
  'merged, its pattern is to be told: post it, then close': (met) =>
    met.record.state.phase === 'merged' && met.action?.do === 'finish' && met.action.task?.establishes !== undefined,
  'merged, task open: close it': (met) =>
    met.record.state.phase === 'merged' && met.action?.do === 'finish' && met.action.task?.state === 'open',
  'merged, workspace still there: retire it': (met) =>
    met.record.state.phase === 'merged' && met.action?.do === 'finish' && workspaceOf(met) !== undefined,
  'merged, workspace gone already: close it': (met) =>
    met.record.state.phase === 'merged' && met.action?.do === 'finish' && workspaceOf(met) === undefined,
  'ended by a person, turn alive: stop it': (met) =>
    met.record.state.outcome !== null && turnOf(met)?.is === 'alive' && met.action?.do === 'stop',
  'closed in its source by a person: end it': (met) =>
    written(met)?.outcome != null &&
    met.record.state.outcome === null &&
    (met.world.tasks.get(met.record.id)?.state ?? 'open') !== 'open',
  'working, a conflict that its agent has not heard of: tell it': (met) =>
    isIn(met, 'working', 'alive') && met.action?.do === 'tell-conflicts',
  'working, a conflict with one that goes first: set aside': (met) =>
    isIn(met, 'working', 'alive') && met.action?.do === 'set-aside' && met.action.why.includes('goes first'),
  'working, the target moved on: tell it what is about its files': (met) =>
    isIn(met, 'working', 'alive') && met.action?.do === 'tell-target',
  'its conflicts are over: forget them': (met) =>
    (met.record.state.run.conflicts ?? []).length > 0 && written(met)?.run.conflicts?.length === 0,
  'working, the landing of an epic: seal what its branch holds': (met) =>
    isAt(met, 'working') && met.action?.do === 'seal' && met.action.gathered,
  'an epic has begun, and its branch is gone: ask a person': (met) =>
    met.record.state.phase === 'open' && written(met)?.run.stuck?.by === 'orch',
  'the branch of an epic is there again: go on': (met) =>
    met.record.state.phase === 'open' && met.record.state.run.stuck !== null && written(met)?.run.stuck === null,
  'owned by another live owner: nothing': (met) =>
    met.record.state.run.owner !== null &&
    met.record.state.run.owner !== met.world.owner &&
    met.world.liveOwners.has(met.record.state.run.owner) &&
    met.action === null,
  'a process of an older attempt lives: stop it': ({ record, action }) =>
    action?.do === 'stop' && outlivedBy(action.key, record.id, record.state) !== null,
  'its owner lost its lease: take it over': (met) =>
    met.record.state.run.owner !== null &&
    met.record.state.run.owner !== met.world.owner &&
    written(met)?.run.owner === met.world.owner,
} satisfies Record<string, (met: Met) => boolean>

export type Row = keyof typeof isReached

export const rows = Object.keys(isReached) as readonly Row[]
