import type { Policy } from '../model/policy.ts'
import type { Candidate, KnownConflict, RunState } from '../model/run-state.ts'
import { shown } from '../model/shown.ts'
import type { Task } from '../model/task.ts'
import { isComparedWith } from './apart.ts'
import { saidOf } from './checking.ts'
import { guardedIn } from './landing.ts'
import { isApproved, reviewerOf } from './reviewing.ts'
import { isStale, staleText } from './stale.ts'
import { targetOf } from './targets.ts'
import type { Sight } from './world.ts'

/** What is asked of a change before it lands. */
export type ChecklistItem =
  | 'checks'
  | 'reviewed'
  | 'latest-base'
  | 'no-conflict'
  | 'bulletin'
  | 'scope-respected'
  | 'protected-paths'

/** `not-asked`: the policy or the task asks for none. */
export interface Answer {
  readonly item: ChecklistItem
  readonly is: 'yes' | 'no' | 'not-yet' | 'not-asked'
  /** One sentence; null where `yes` says it all. */
  readonly why: string | null
}

type Said = Omit<Answer, 'item'>

const yes = (why: string | null = null): Said => ({ is: 'yes', why })
const no = (why: string): Said => ({ is: 'no', why })
const notYet = (why: string): Said => ({ is: 'not-yet', why })
const notAsked = (why: string): Said => ({ is: 'not-asked', why })

/** Where a change stands with everything that is asked of it; empty for a task that changes nothing. */
export function checklistOf(sight: Sight, task: Task, state: RunState): readonly Answer[] {
  if (task.kind !== 'change') return []
  const asked: Record<ChecklistItem, Said> = {
    checks: checks(sight, task, state),
    reviewed: reviewed(sight, task, state),
    'latest-base': latestBase(sight, state),
    'no-conflict': noConflict(sight, state),
    bulletin: bulletin(task, state),
    'scope-respected': scopeRespected(sight.policy, task, state),
    'protected-paths': protectedPaths(state),
  }
  return Object.entries(asked).map(([item, said]) => ({ item: item as ChecklistItem, ...said }))
}

/** Why it is back with its agent, as the key of what that is told. */
function backFor({ phase, run }: RunState): string | undefined {
  const isBack = run.wants !== null || phase === 'spawned' || phase === 'working'
  return isBack ? run.guidance.at(-1)?.key : undefined
}

const workGoesOn = 'its work is not done'

function checks(sight: Sight, { id }: Task, state: RunState): Said {
  const { review } = state
  if (sight.policy.landing.checks.length === 0) return notAsked('no checks are configured')
  if (review?.landed != null)
    return review.landed.by === 'us'
      ? yes(apartFrom(review.candidate))
      : no('somebody else landed it; nobody checked it here')
  if (review?.waits?.for === 'red-target') return no(review.waits.why)
  if (backFor(state)?.startsWith('checks-') === true) return no('they are red; it is back with its agent')
  if (review?.candidate == null || state.phase !== 'pr_created') return notYet('they run on what is about to land')
  if (isStale(review.candidate)) return notYet(`a command makes ${staleText(review.candidate)} first`)
  const said = saidOf(sight, { id, version: '', state }, review.candidate)
  if (said.is === 'green')
    return yes(said.flaky ? 'red at first, then green on the same files' : apartFrom(review.candidate))
  if (said.is === 'red') return no(`they are red (exit ${said.turn.exit})`)
  return notYet(said.is === 'open' ? 'they run' : 'they run on it, or on a change that is built on it')
}

function reviewed({ world, policy }: Sight, { id }: Task, state: RunState): Said {
  const { review } = state
  if (review?.approved === true) return yes('by a person')
  const byAgent = policy.landing.review === 'agent'
  if (byAgent && backFor(state)?.startsWith('reviewer-') === true) return no(state.run.why)
  const open = world.reviews?.get(state.branch?.name ?? '')
  if (open?.state === 'changes-requested') return no(`changes are requested: ${open.url}`)
  if (byAgent && isApproved(state)) return yes(`by the reviewer agent: ${shown(review?.verdict?.summary ?? '')}`)
  if (byAgent && review?.landed == null && state.run.stuck !== null) return notYet('a person decides first')
  const failure = review?.reviewer?.failure
  const another = failure === undefined ? 'a reviewer agent is asked' : `another reviewer agent is asked: ${failure}`
  if (byAgent && review?.landed == null)
    return notYet(reviewerOf({ id, state }) === null ? another : 'its reviewer agent looks at it')
  if (review?.landed != null) return notAsked('the policy lets green changes land')
  if (guardedIn(state).length > 0) return notYet('it changes protected files, which a person has to see')
  return policy.landing.by === 'orchestrator' ? notAsked('the policy lets green changes land') : notYet('orch land')
}

function latestBase({ world, policy }: Sight, state: RunState): Said {
  const { review, phase } = state
  const candidate = review?.candidate ?? null
  if (review?.landed != null) return yes(review.landed.by === 'us' ? apartFrom(candidate) : null)
  if (candidate === null || phase !== 'pr_created') return notYet('it is built on the target when its turn comes')
  if (world.vcs === null) return notYet('git does not answer')
  if (candidate.base === targetOf(world.vcs, state)) return yes(apartFrom(candidate))
  const below = [...world.records.values()].find(
    (other) => other.state.phase === 'pr_created' && other.state.review?.candidate?.commit === candidate.base,
  )
  if (below === undefined && policy.landing.lanes > 1)
    return notYet('the target has moved; it is put onto what has landed in other lanes, or built again')
  return below === undefined
    ? no('the target has moved; it is built again')
    : notYet(`it is built on ${below.id}, which lands first or with it`)
}

/** What landed beside it while its checks ran, if anything did. */
function apartFrom(candidate: Candidate | null): string | null {
  const { checked } = candidate ?? {}
  return checked === undefined ? null : `checked without ${some(checked.beside)}, which landed beside it in other lanes`
}

function noConflict({ world }: Sight, state: RunState): Said {
  const { review, run } = state
  const candidate = review?.candidate ?? null
  if (review?.landed != null) return yes()
  if (backFor(state)?.startsWith('conflict-') === true) return no(run.guidance.at(-1)?.text.split('. ')[0] ?? '')
  // Merged with the target as it is, it is past every conflict with that.
  const isPast = (met: KnownConflict): boolean =>
    met.with === null ? candidate !== null && candidate.base === world.vcs?.target : !isComparedWith(world, met.with)
  const live = (run.conflicts ?? []).filter((met) => !isPast(met))
  const before = live.filter(({ goesFirst }) => !goesFirst)
  if (before.length > 0) return no(`as it is now it would not merge ${before.map(metText).join(', nor ')}`)
  const after = live.length === 0 ? null : `it goes first, and would not merge ${live.map(metText).join(', nor ')}`
  return candidate !== null ? yes(after) : notYet(after ?? 'it is seen when it is built on the target')
}

function metText({ with: other, files }: KnownConflict): string {
  return `with ${other ?? 'the target'} in ${some(files)}`
}

function some(files: readonly string[]): string {
  return `${files.slice(0, 5).join(', ')}${files.length > 5 ? ' …' : ''}`
}

function bulletin({ establishes }: Task, { phase, outcome }: RunState): Said {
  if (establishes === undefined) return notAsked('it establishes no pattern')
  return phase === 'closed' && outcome === 'done' ? yes() : notYet('it is posted once the change has landed')
}

function scopeRespected({ outsideScope }: Policy, { writes }: Task, { branch }: RunState): Said {
  if (writes === undefined) return notAsked('the task declares no scope')
  if (branch?.head == null) return notYet(workGoesOn)
  const { outside = [] } = branch
  if (outside.length === 0) return yes()
  const lands = outsideScope === 'warn' ? '; the policy lets it land' : ''
  return no(`it changes ${some(outside)} outside its scope${lands}`)
}

function protectedPaths(state: RunState): Said {
  if (state.branch?.head == null) return notYet(workGoesOn)
  const guarded = guardedIn(state)
  if (guarded.length === 0) return yes('it changes none')
  if (state.review?.approved === true) return yes('a person let them land')
  return no(`a person has to see ${some(guarded)}: orch land`)
}
