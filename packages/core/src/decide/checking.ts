import { checkKey, type ProcessKey, secondCheckKey, targetCheckKey } from '../model/process-key.ts'
import type { Candidate, Oid, RunRecord } from '../model/run-state.ts'
import { isLive, type Turn } from '../model/turn.ts'
import { cannotRun, exitName } from './judge.ts'
import * as landings from './landing-moves.ts'
import * as moves from './moves.ts'
import { commandsOn, isStale, staleText } from './stale.ts'
import { lookMs, span, stopBecause, type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

type Ended = Extract<Turn, { is: 'ended' }>

/** What the checks say of a candidate, which stands for all that it is built on; or, of one with files to be made, the commands that make them. */
export type Said =
  | { readonly is: 'nothing' }
  /** They run, or something is to be done about them before they say anything. */
  | { readonly is: 'open'; readonly verdict: Verdict }
  /** `flaky`: red at first, and green when they ran once more; `key`: of the run that was green, null where there was none. */
  | { readonly is: 'green'; readonly flaky: boolean; readonly key: ProcessKey | null }
  | { readonly is: 'red'; readonly turn: Ended }

export function saidOf(sight: Sight, record: RunRecord, candidate: Candidate): Said {
  const commands = commandsOn(sight.policy, candidate)
  if (commands.length === 0) return { is: 'green', flaky: false, key: null }
  const { run } = candidate
  const tree = checkedTree(candidate)
  const first = runOf(sight, record, candidate, checkKey(record.id, tree, commands, run))
  if (first.is !== 'red' || !sight.policy.landing.retryRed) return first
  const second = runOf(sight, record, candidate, secondCheckKey(record.id, tree, commands, run))
  if (second.is === 'nothing') return first
  return second.is === 'green' ? { ...second, flaky: true } : second
}

/** What they run on, or have run on before others landed beside it. */
export function checkedTree({ tree, checked }: Candidate): Oid {
  return checked?.tree ?? tree
}

function runOf(sight: Sight, record: RunRecord, candidate: Candidate, key: ProcessKey): Said {
  const { world, policy } = sight
  const { checkMs } = policy.landing
  const turn = world.turns.get(key)
  if (turn === undefined) return { is: 'open', verdict: { wait: lookMs } }
  switch (turn.is) {
    case 'never':
      return { is: 'nothing' }
    case 'alive': {
      if ((world.ages.turn.get(key) ?? 0) <= checkMs) return { is: 'open', verdict: { wait: lookMs } }
      const why = `${nameOf(candidate)} took more than ${span(checkMs)}`
      return { is: 'open', verdict: stopBecause(sight, record, key, why) }
    }
    case 'ended': {
      const why = `${nameOf(candidate)} have ended and left processes behind`
      if (turn.survivors) return { is: 'open', verdict: { do: 'stop', id: record.id, key, why } }
      return turn.exit === 0 ? { is: 'green', flaky: false, key } : { is: 'red', turn }
    }
    case 'vanished':
    case 'unknown':
      return { is: 'open', verdict: decideLost(sight, record, candidate, { key, turn }) }
  }
}

/** Red checks are the change's own fault only if they are red every time that the policy asks for, and the target passes the very check that is red. */
export function decideRed(sight: Sight, record: RunRecord, candidate: Candidate, red: Ended): Verdict {
  const { world, policy } = sight
  const { id, state } = record
  const { checkMs, retryRed } = policy.landing
  const { tree, run } = candidate
  const commands = commandsOn(policy, candidate)
  const second = secondCheckKey(id, tree, commands, run)
  if (retryRed) {
    const again = world.turns.get(second)
    if (again === undefined) return { wait: lookMs }
    if (again.is === 'never')
      return { do: 'start-checks', id, record, key: second, on: 'candidate', before: [], check: null }
  }
  const rejected = (why: string, unrunnable: boolean): Verdict => ({
    do: 'reject',
    id,
    record,
    key: retryRed ? second : checkKey(id, tree, commands, run),
    why: state.run.stopping ?? why,
    unrunnable,
  })
  const isRed = isStale(candidate)
    ? `${staleText(candidate)} cannot be made for it (exit ${red.exit})`
    : `the checks are red (exit ${red.exit})`
  if (passedSince(sight, record, candidate)) {
    // Its own question to the target may be under way: nobody would look after that any more.
    const live = liveChecks(sight, record)
    if (live !== null) return { do: 'stop', id, key: live, why: 'the target has passed its checks meanwhile' }
    return seesChecks(sight, record) ? rejected(isRed, false) : { wait: lookMs }
  }

  const check = lastBegun(red, commands.length)
  const key = targetCheckKey(id, tree, commands, run)
  const target = world.turns.get(key)
  if (target === undefined) return { wait: lookMs }
  switch (target.is) {
    case 'never':
      return { do: 'start-checks', id, record, key, on: 'target', before: [], check }
    case 'alive': {
      if ((world.ages.turn.get(key) ?? 0) <= checkMs) return { wait: lookMs }
      return { do: 'stop', id, key, why: `those of the target took more than ${span(checkMs)}` }
    }
    case 'ended': {
      if (target.survivors) return { do: 'stop', id, key, why: 'those of the target have left processes behind' }
      const unrunnable = state.run.stopping === null && cannotRun(red.exit) && cannotRun(target.exit)
      if (target.exit !== 0 && !unrunnable) return { do: 'await-target', id, record, check }
      const cannot = `${isStale(candidate) ? 'the commands' : 'the checks'} cannot be run: ${exitName(red.exit)}`
      return rejected(unrunnable ? cannot : isRed, unrunnable)
    }
    case 'vanished':
    case 'unknown':
      return decideLost(sight, record, candidate, { key, turn: target })
  }
}

/** The target as it is now passed its checks after this candidate did not: what is outside of the repository was well in between. */
function passedSince({ world, policy }: Sight, { id }: RunRecord, candidate: Candidate): boolean {
  const { base, tree, run } = candidate
  if (isStale(candidate)) return false
  if (world.passed?.commit !== base) return false
  const redFor = world.ages.turn.get(checkKey(id, tree, policy.landing.checks, run)) ?? 0
  return redFor > world.passed.age
}

/** A run of the checks without a verdict is repeated as another run, a bounded number of times. */
function decideLost(
  { world, policy }: Sight,
  record: RunRecord,
  candidate: Candidate,
  { key, turn }: { readonly key: ProcessKey; readonly turn: Extract<Turn, { is: 'vanished' | 'unknown' }> },
): Verdict {
  const { id, state } = record
  if (turn.is === 'vanished' && turn.survivors) return { do: 'stop', id, key, why: `${nameOf(candidate)} were killed` }
  const left = turn.is === 'unknown' ? policy.leaseMs - (world.ages.turn.get(key) ?? 0) : 0
  if (left > 0) return { wait: left }
  const mover = { owner: world.owner, at: world.now }
  const lost = candidate.lost + 1
  if (lost >= policy.maxAttempts) {
    const times = lost === 1 ? 'once' : `${lost} times`
    const reason = `${nameOf(candidate)} ended ${times} without a verdict (killed, or the machine went down)`
    return write(record, moves.askPerson(state, mover, reason, ['guide', 'retry', 'cancel']))
  }
  return write(record, landings.withCandidate(state, mover, { ...candidate, lost }))
}

/** In a sentence. */
function nameOf(candidate: Candidate): string {
  return isStale(candidate) ? `the commands that make ${staleText(candidate)}` : 'its checks'
}

/** Which check was the last to begin, from 1, as the run itself has reported; null when another report came after that. */
function lastBegun({ report }: Ended, commands: number): number | null {
  const said = report?.tell === 'working' ? Number(/^check (\d+)$/.exec(report.note ?? '')?.[1]) : 0
  return said >= 1 && said <= commands ? said : null
}

/** Every run of commands that there may be of a candidate. */
export function checkKeysOf(
  { policy }: Pick<Sight, 'policy'>,
  { id, state }: Pick<RunRecord, 'id' | 'state'>,
): readonly ProcessKey[] {
  const candidate = state.review?.candidate ?? null
  if (state.phase !== 'pr_created' || candidate === null) return []
  const { run } = candidate
  const tree = checkedTree(candidate)
  const commands = commandsOn(policy, candidate)
  if (commands.length === 0) return []
  const second = policy.landing.retryRed ? [secondCheckKey(id, tree, commands, run)] : []
  return [checkKey(id, tree, commands, run), targetCheckKey(id, tree, commands, run), ...second]
}

/** The checks of a task that may still run, or have left processes behind; nobody would look after them once the record has moved on. */
export function liveChecks(sight: Sight, record: Pick<RunRecord, 'id' | 'state'>): ProcessKey | null {
  const runs = (key: ProcessKey): boolean => {
    const turn = sight.world.turns.get(key)
    return turn !== undefined && isLive(turn)
  }
  return checkKeysOf(sight, record).find(runs) ?? null
}

/** False while the runner does not say what became of its checks: they may run. */
export function seesChecks(sight: Sight, record: Pick<RunRecord, 'id' | 'state'>): boolean {
  const [first, ...later] = checkKeysOf(sight, record)
  if (first === undefined) return true
  const turn = sight.world.turns.get(first)
  if (turn === undefined) return false
  // All others follow red ones only.
  return turn.is !== 'ended' || turn.exit === 0 || later.every((key) => sight.world.turns.has(key))
}
