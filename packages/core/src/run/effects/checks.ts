import * as landings from '../../decide/landing-moves.ts'
import * as moves from '../../decide/moves.ts'
import { commandsOn, isStale, staleText } from '../../decide/stale.ts'
import { OrchError } from '../../model/error.ts'
import { failed } from '../../model/result.ts'
import type { RunRecord } from '../../model/run-state.ts'
import { type ActionOf, type EffectContext, notNow, targetName } from './effect.ts'
import { sendBack } from './landing.ts'
import { withLast } from './quote.ts'
import { checkProfile, inCheckout } from './turn.ts'

export async function startChecks(
  context: EffectContext,
  { id, record, key, on, before, check }: ActionOf<'start-checks'>,
): Promise<void> {
  const candidate = record.state.review?.candidate
  if (candidate == null) throw new OrchError('bug', `${id} has no candidate to check`)
  const checks = commandsOn(context.policy, candidate)
  const commit = on === 'target' ? candidate.base : candidate.commit
  const started = await inCheckout(context, { key, commit }, (directory) => {
    context.fence()
    return context.ports.runner.start({
      key,
      profile: check === null ? checkProfile(checks) : checkProfile(checks.slice(0, check), 'last'),
      directory,
      prompt: '',
      environment: { ORCH_TASK: id },
      signal: context.signal,
    })
  }).catch((error: unknown) => {
    if (on === 'candidate' && OrchError.is(error) && error.code === 'object-missing') return failed('gone')
    throw error
  })
  if (!started.ok && started.reason === 'gone') {
    await context.write(id, record, landings.withoutCandidate(record.state, context.mover()))
    return
  }
  if (started.ok && isStale(candidate))
    context.events.emit('regeneration-started', { task: id, files: candidate.stale ?? [], on })
  else if (started.ok) context.events.emit('checks-started', { task: id, tree: candidate.tree, on, before })
  if (!started.ok && started.reason === 'no-command')
    throw notNow('port-failed', 'runner', `the checks of ${id} cannot be started: ${started.detail ?? 'sh'}`)
}

/** The user reads what is red without opening anything, and that it is not the change. */
export async function awaitTarget(
  context: EffectContext,
  { id, record, check }: ActionOf<'await-target'>,
): Promise<void> {
  redSeen(context, record)
  context.landingTried(id)
  const target = targetName(context, record.state)
  const checks = commandsOn(context.policy, record.state.review?.candidate)
  const failing = checks[(check ?? 0) - 1] ?? checks.join(', ')
  const why = `${target} itself is red: \`${failing}\` fails there without this change, too; mend ${target}, and it is tried again`
  await context.write(id, record, landings.held(record.state, context.mover(), { for: 'red-target', why, check }))
}

export async function reject(context: EffectContext, action: ActionOf<'reject'>): Promise<void> {
  const { id, record, key, why } = action
  redSeen(context, record)
  const lines = await context.ports.runner.tail({ key, lines: 40, signal: context.signal })
  const target = targetName(context, record.state)
  const candidate = record.state.review?.candidate
  const commands = commandsOn(context.policy, candidate)
    .map((command) => `\`${command}\``)
    .join(', ')
  const making = candidate != null && isStale(candidate) ? staleText(candidate) : null
  if (action.unrunnable) {
    const reason = `${withLast(why, lines)} (${making === null ? 'the checks are' : 'to be run:'} ${commands}); mend them, then land it`
    const asking = moves.askPerson(record.state, context.mover(), reason, ['land', 'guide', 'cancel'], lines.join('\n'))
    await context.write(id, record, asking)
    return
  }
  const what = making === null ? `The checks are ${commands}, run` : `${making} is made anew by ${commands}, run`
  const text = `Your change is not landed: ${why}. ${what} on your change merged with \`${target}\`. ${making === null ? 'They' : 'It'} printed:\n\n${lines.join('\n')}`
  await sendBack(context, record, text, why, `checks-${key}`, lines.join('\n'))
}

/** What makes files of a candidate is no check, and nobody else is on a train with it. */
function redSeen(context: EffectContext, { id, state }: RunRecord): void {
  const candidate = state.review?.candidate
  if (isStale(candidate)) return
  context.judged('failed')
  context.events.emit('checks-ended', { task: id, tree: candidate?.tree ?? '', passed: false })
}
