import { checkedTree } from '../../decide/checking.ts'
import { landsByHost } from '../../decide/landing.ts'
import * as landings from '../../decide/landing-moves.ts'
import * as moves from '../../decide/moves.ts'
import { staleOf } from '../../decide/stale.ts'
import { conflictText } from '../../model/conflict.ts'
import { OrchError } from '../../model/error.ts'
import { failed } from '../../model/result.ts'
import type { BranchFacts, Oid, RunRecord } from '../../model/run-state.ts'
import { regeneratedGlobs, unionGlobs } from '../../plan/hot-files.ts'
import type { Vcs } from '../../ports/vcs.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'
import { landByHost } from './host-landing.ts'
import { landedBetween, landedText } from './landed-since.ts'
import { sidesText } from './quote.ts'
import { isThere } from './verification.ts'

export async function openReview(context: EffectContext, { id, record, task }: ActionOf<'open-review'>): Promise<void> {
  const branch = record.state.branch
  const head = branch?.head
  if (branch === null || head == null) throw new OrchError('bug', `${id} has no sealed head to review`)
  let url: string | null = null
  if (context.ports.review !== null) {
    context.fence()
    const { title, body } = task
    const opened = await context.ports.review.open({ branch: branch.name, head, title, body, signal: context.signal })
    if (!opened.ok) {
      const reason = `its review cannot be opened: ${opened.detail ?? opened.reason}`
      await context.write(
        id,
        record,
        moves.askPerson(record.state, context.mover(), reason, ['retry --fresh', 'cancel']),
      )
      return
    }
    url = opened.value.url
  }
  await context.write(id, record, moves.reviewOpened(record.state, context.mover(), head, url))
}

export async function buildCandidate(context: EffectContext, action: ActionOf<'build-candidate'>): Promise<void> {
  let on = await buildOne(context, action)
  for (const { record, task } of action.then) {
    if (on === null) return
    on = await buildOne(context, { id: record.id, record, task, base: on, stacked: true }).catch((error: unknown) => {
      // It is the first one the next time, and told as its own.
      if (!OrchError.is(error) || error.code === 'bug') throw error
      return null
    })
  }
}

/** The same for the same, bit for bit. */
export function candidateOn(
  context: EffectContext,
  { record, task, base }: Pick<ActionOf<'build-candidate'>, 'record' | 'task' | 'base'>,
): ReturnType<Vcs['buildCandidate']> {
  const { branch, head } = landingFacts(record)
  return context.ports.vcs.buildCandidate({
    base,
    head,
    from: branch.base,
    alone: branch.lost !== undefined,
    method: context.policy.landing.method,
    union: unionGlobs(context.policy),
    regenerate: regeneratedGlobs(context.policy),
    message: `${task.title}\n\nTask: ${record.id}`,
    signal: context.signal,
  })
}

/** The commit that others may be built on; null: there is none. */
async function buildOne(
  context: EffectContext,
  { id, record, task, base, stacked }: Omit<ActionOf<'build-candidate'>, 'do' | 'then'>,
): Promise<Oid | null> {
  const { branch, head } = landingFacts(record)
  const target = targetName(context, record.state)
  const build = candidateOn(context, { record, task, base })
  // Nothing names a candidate, so git may have taken away what this one was to be built on.
  const built = await build.catch((error: unknown) => {
    if (stacked && OrchError.is(error) && error.code === 'object-missing') return failed('gone')
    throw error
  })
  if (built.ok) {
    const { commit, tree, touched } = built.value
    const isByHost = landsByHost(context.policy, record.state)
    if (isByHost && !(await isMergedSo(context, { base, head, tree }))) return sendBackForHost(context, record, base)
    const stale = staleOf(context.policy, touched)
    const candidate = { base, commit, tree, lost: 0, ...(stale.length > 0 && { stale }) }
    const written = await context.write(id, record, landings.withCandidate(record.state, context.mover(), candidate))
    return written === null || stale.length > 0 ? null : commit
  }
  if (stacked) {
    context.unstackable(id, base)
    return null
  }
  if (built.reason === 'gone') return null
  if (built.reason === 'empty') {
    await context.write(id, record, landings.landed(record.state, context.mover(), base, 'other'))
    return null
  }
  const files = conflictText(built.files)
  context.events.emit('conflict-found', {
    conflict: { when: 'landing', task: id, with: null, files: built.files },
  })
  const advice = `Your branch conflicts with \`${target}\` in ${files}. ${bringAbout(branch, target)}`
  const paths = built.files.map(({ path }) => path)
  const news = landedText(await landedBetween(context, { have: head, target: base, paths }))
  const text = [
    advice,
    news === '' ? '' : `What \`${target}\` has that your branch has not, where it is about these files:\n${news}`,
    sidesText(built.sides, target),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
  await sendBack(context, record, text, `conflict with ${target} in ${files}`, `conflict-${base}-${head}`)
  return null
}

/** What brings a branch to where it merges. */
function bringAbout({ lost, base }: BranchFacts, target: string): string {
  const begins = lost === undefined ? '' : `It begins with commits of ${lost.join(', ')}, which will not land. `
  const command = lost === undefined ? `git merge ${target}` : `git rebase --onto ${target} ${base}`
  return `${begins}In your workspace run \`${command}\`, resolve the conflicts so that both changes keep their meaning, run the checks, and commit.`
}

/** Whether a review host, which merges a branch with all that it has, makes of it what is to land. */
async function isMergedSo(
  { ports, signal }: EffectContext,
  { base, head, tree }: { readonly base: Oid; readonly head: Oid; readonly tree: Oid },
): Promise<boolean> {
  const built = await ports.vcs.buildCandidate({ base, head, from: base, method: 'merge', message: '', signal })
  return built.ok && built.value.tree === tree
}

async function sendBackForHost(context: EffectContext, record: RunRecord, base: Oid): Promise<null> {
  const { branch, head } = landingFacts(record)
  const why = 'a merge of its branch as it is brings more than its change, or a conflict'
  const text = `Your change is not landed: ${why}. ${bringAbout(branch, targetName(context, record.state))}`
  await sendBack(context, record, text, why, `conflict-${base}-${head}`)
  return null
}

/** To the agent a bounded number of times, then to a person. Nobody ever picks a side automatically. */
export async function sendBack(
  context: EffectContext,
  record: RunRecord,
  text: string,
  why: string,
  key: string,
  details = '',
  options: readonly string[] = ['guide', 'retry --fresh', 'cancel'],
): Promise<void> {
  const { id, state } = record
  if (state.run.repairs < context.policy.landing.maxRepairs) {
    await context.write(id, record, moves.repair(state, context.mover(), text, key, why))
    return
  }
  await context.write(id, record, moves.askPerson(state, context.mover(), why, options, details))
}

export async function land(context: EffectContext, action: ActionOf<'land'>): Promise<void> {
  const { id, record, before, flaky, greenFor, others } = action
  const candidate = record.state.review?.candidate
  if (candidate == null) throw new OrchError('bug', `${id} has no candidate to land`)
  const { commit } = candidate
  const { target } = record.state.branch ?? {}
  const expect = before[0]?.state.review?.candidate?.base ?? candidate.base
  context.landingTried(id)
  if (flaky) context.events.emit('checks-flaky', { task: id, tree: candidate.tree })
  const isNew = record.state.review?.waits == null && candidate.asked !== true
  if (context.policy.landing.checks.length > 0 && isNew) {
    context.events.emit('checks-ended', { task: id, tree: checkedTree(candidate), passed: true })
  }
  if (landsByHost(context.policy, record.state)) return landByHost(context, action)
  // A pass may see it there before this hears of it, and would build again what waits in other lanes.
  const tasks = [...before, record].map((each) => each.id)
  if (others.length > 0) context.landsInLane({ from: expect, to: commit, tasks, others })
  context.fence()
  const result = await context.ports.vcs.land({ target, expect, commit, signal: context.signal })
  if (result.ok) {
    if (!(await isThere(context, record, { base: expect, commit, tree: candidate.tree }))) return
    if (context.policy.landing.checks.length > 0 && candidate.checked === undefined) context.passed(commit, greenFor)
    context.judged('landed')
    for (const each of [...before, record]) {
      const own = each.state.review?.candidate?.commit ?? commit
      await context.write(each.id, each, landings.landed(each.state, context.mover(), own, 'us'))
    }
    return
  }
  // Moved: the next pass sees where to, and builds another candidate.
  if (result.reason === 'moved') return
  if (result.reason === 'gone') {
    await context.write(id, record, landings.withoutCandidate(record.state, context.mover()))
    return
  }
  if (result.reason === 'unreachable') return awaitRemote(context, record, result.detail)
  // It may be about one of them alone: the next train is shorter.
  if (before.length > 0) context.judged('failed')
  if (result.reason === 'rejected') {
    if (before.length === 0) await askAboutRefusal(context, record, result.detail)
    return
  }
  const why = `held by you: ${result.detail ?? `files of ${targetName(context, record.state)} that it changes are dirty in your checkout`}`
  const waits = { for: result.reason, why, check: null }
  for (const each of [...before, record]) {
    if (each.state.review?.waits?.why === why) continue
    await context.write(each.id, each, landings.held(each.state, context.mover(), waits))
  }
}

/** It would refuse the same commit again: whoever knows what its words mean decides. */
async function askAboutRefusal(context: EffectContext, record: RunRecord, said: string | undefined): Promise<void> {
  const refuses = `${context.ports.vcs.target} refuses its change`
  const reason = said === undefined ? refuses : `${refuses}: ${said}`
  const asking = moves.askPerson(record.state, context.mover(), reason, ['land', 'guide', 'cancel'])
  await context.write(record.id, record, asking)
}

/** Told once, where people look; how long it rests is decided by how long it has been so. */
async function awaitRemote(context: EffectContext, record: RunRecord, said: string | undefined): Promise<void> {
  if (record.state.review?.waits?.for === 'unreachable') return
  const away = `${context.ports.vcs.target} does not answer, and nothing lands until it does`
  const why = said === undefined ? away : `${away}: ${said}`
  const waits = { for: 'unreachable', why, check: null } as const
  await context.write(record.id, record, landings.held(record.state, context.mover(), waits))
}

function landingFacts(record: RunRecord): { branch: BranchFacts; head: string } {
  const branch = record.state.branch
  const head = branch?.head
  if (branch === null || head == null) throw new OrchError('bug', `${record.id} has no sealed head to land`)
  return { branch, head }
}
