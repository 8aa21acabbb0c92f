import { withResumeOf } from '../../decide/liveness.ts'
import * as moves from '../../decide/moves.ts'
import * as personMoves from '../../decide/person-moves.ts'
import { reviewerTold } from '../../decide/review-moves.ts'
import { reviewerOf } from '../../decide/reviewing.ts'
import { atWork } from '../../decide/standing.ts'
import { type ProcessKey, turnKey } from '../../model/process-key.ts'
import type { AgentProfile } from '../../model/profile.ts'
import type { Oid } from '../../model/run-state.ts'
import type { TaskId } from '../../model/task.ts'
import { promptOf } from '../prompt.ts'
import { type ActionOf, type EffectContext, graceMs, notNow, targetName } from './effect.ts'
import { newsText } from './target-news.ts'
import { keep } from './workspace.ts'

/**
 * Runs the checks one after the other, and reports before each which one begins. It stops at the first that is red; `last`: all run, and the
 * last one alone decides. The commands are arguments, never part of the script.
 */
export function checkProfile(checks: readonly string[], decides: 'first-red' | 'last' = 'first-red'): AgentProfile {
  const report = `[ -z "\${ORCH_OUTBOX:-}" ] || echo "{\\"tell\\":\\"working\\",\\"note\\":\\"check $begun\\"}" >>"$ORCH_OUTBOX"`
  const run = `begun=$((begun + 1)); ${report}; printf '$ %s\\n' "$check"; sh -c "$check"; code=$?`
  const stop = decides === 'first-red' ? '; [ $code = 0 ] || exit $code' : ''
  const script = `begun=0 code=0; for check in "$@"; do ${run}${stop}; done; exit $code`
  return { name: 'checks', argv: ['sh', '-c', script, 'orch-checks', ...checks] }
}

export async function startTurn(context: EffectContext, action: ActionOf<'start-turn'>): Promise<void> {
  const { id, record, task } = action
  const { state } = record
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const isSync = task.kind === 'sync'
  const start = (directory: string) => {
    context.fence()
    return context.ports.runner.start({
      key,
      profile: isSync ? checkProfile(context.policy.landing.checks) : context.agent,
      directory,
      prompt: promptOf(task, state, targetName(context, state), landed),
      environment: { ORCH_TASK: id, ORCH_ATTEMPT: String(state.run.attempt), ORCH_TURN: String(state.run.turn) },
      ...(state.run.resume === null ? {} : { resume: state.run.resume }),
      signal: context.signal,
    })
  }
  const { directory } = action
  const landed = action.news === null ? '' : await newsText(context, action.news, targetName(context, state))
  const startedNow = await (directory === null
    ? inCheckout(context, { key, commit: state.branch?.base ?? '' }, start)
    : start(directory))
  if (!startedNow.ok && startedNow.reason === 'no-command') {
    context.startNothingMore()
    const reason = `its agent cannot be started: ${startedNow.detail ?? context.agent.argv[0]}`
    await context.write(id, record, moves.askPerson(state, context.mover(), reason, ['retry', 'cancel']))
    return
  }
  const where = { pid: startedNow.ok ? startedNow.value.pid : undefined, directory: directory ?? undefined }
  const written = await context.write(id, record, moves.started(state, context.mover(), where))
  if (written === null && startedNow.ok) await stopOutlived(context, id, key)
}

/** Starts the process `key` in a check-out of `commit`, which is its own until it has ended. */
export async function inCheckout<T extends { readonly ok: boolean }>(
  { ports, signal, checkouts }: EffectContext,
  { key, commit }: { readonly key: ProcessKey; readonly commit: Oid },
  start: (directory: string) => Promise<T>,
): Promise<T> {
  const { directory, release } = await ports.vcs.checkout({ commit, signal })
  // Kept whatever the start says: a process may run that nobody has heard of.
  const held = checkouts.hold(key, directory, release)
  const started = await start(directory)
  held.isIts = started.ok
  return started
}

/** We were paused before the start, and the task has gone on, or waits for another attempt: the process carries a dead attempt. Whoever took the turn over has it. */
async function stopOutlived(context: EffectContext, id: TaskId, key: ProcessKey): Promise<void> {
  const { queue, runner } = context.ports
  const { records } = await queue.read({ signal: context.signal })
  const state = records.find((record) => record.id === id)?.state
  if (state !== undefined && atWork(state) && turnKey(id, state.run.attempt, state.run.turn) === key) return
  const left = await runner.stop({ key, graceMs, signal: context.signal })
  if (left === 'survivors') context.problem(id, `${key} carries a dead attempt of ${id} and could not be stopped`)
}

export async function stopTurn(context: EffectContext, { id, key, why }: ActionOf<'stop'>): Promise<void> {
  context.fence()
  const left = await context.ports.runner.stop({ key, graceMs, signal: context.signal })
  if (left === 'survivors') {
    throw notNow('in-use', 'runner', `processes of ${id} are still alive after being stopped because ${why}`)
  }
}

/** By the policy, because another task is stuck: nobody's failure. */
export async function setAside(context: EffectContext, { id, record, key, why }: ActionOf<'set-aside'>): Promise<void> {
  await stopTurn(context, { do: 'stop', id, key, why })
  const turn = (await context.ports.runner.observe({ keys: [key], signal: context.signal })).get(key)
  // What it says of its session is not to be lost: the next pass looks again.
  if (turn === undefined || turn.is === 'unknown') return
  const before = (await keep(context, id, record.state))?.oid ?? null
  const left = withResumeOf(record.state, turn)
  const written = await context.write(id, record, personMoves.stopped(left, context.mover(), before, why))
  if (written !== null) context.events.emit('task-stopped', { task: id, why })
}

export async function sendGuidance(
  context: EffectContext,
  { id, record, key, guidance }: ActionOf<'send'>,
): Promise<void> {
  context.fence()
  const sent = await context.ports.runner.send({ key, guidance, signal: context.signal })
  // It has ended meanwhile: the next pass gives it another turn.
  if (!sent.ok) return
  const told = key === reviewerOf(record) ? reviewerTold : moves.told
  await context.write(id, record, told(record.state, context.mover(), guidance.key))
}
