import type { PolicyInput } from '../../model/policy.ts'
import type { NewTask } from '../../model/task.ts'
import { Dice } from './dice.ts'
import { epics, hotFile, madeFile, making, randomTasks, sideBySide, withFile } from './tasks.ts'

/** A person lets changes of what is in it land, or nobody does. */
export const guardedFolder = 'guarded'

/** What a seed begins with. */
export interface Setting {
  readonly seed: number
  readonly tasks: readonly NewTask[]
  readonly policy: PolicyInput & { readonly maxAgents: number; readonly leaseMs: number; readonly maxAttempts: number }
  /** Orchestrators that are to be alive together. */
  readonly orchestrators: number
  /** Time passes only when nobody can go on, and who finds nothing to do looks less and less often. */
  readonly isCalm: boolean
  /** Share of calls that something goes wrong with. */
  readonly faultRate: number
  readonly hasReviewHost: boolean
  /** Branches of epics that somebody has begun before us, with a commit of theirs. */
  readonly begun: readonly string[]
  /** `one`: the queue lets one of them schedule at a time. */
  readonly schedulers: 'many' | 'one'
  /** Monotonic milliseconds in which things go wrong. */
  readonly stormMs: number
}

/** Each part has dice of its own: other tasks leave the rest as it is. */
export const streams = {
  tasks: 1,
  setting: 2,
  schedule: 3,
  mishaps: 4,
  agents: 5,
  people: 6,
  hot: 7,
  made: 8,
  review: 9,
  epics: 10,
  host: 11,
  lanes: 12,
} as const

/** The branch of an epic that lands as one. */
const integration = 'feature/one'

/** @param tasks those to be played instead of the seed's */
export function settingOf(seed: number, tasks?: readonly NewTask[]): Setting {
  const dice = new Dice(seed, streams.setting)
  const hasChecks = dice.chance(0.6)
  const hot = new Dice(seed, streams.hot)
  const isByHost = new Dice(seed, streams.host).chance(0.25)
  const isHot = !isByHost && hot.chance(0.3)
  const isReviewed = new Dice(seed, streams.review).chance(0.35)
  const made = new Dice(seed, streams.made)
  const isMade = !isByHost && made.chance(0.3)
  const lanes = new Dice(seed, streams.lanes)
  const isInLanes = !isByHost && seed % 5 === 4
  const dealt = randomTasks(new Dice(seed, streams.tasks))
  const own = tasks ?? (isInLanes ? sideBySide(dealt) : dealt)
  const epic = new Dice(seed, streams.epics)
  const hasEpic = !isByHost && epic.chance(0.3)
  const hotOnes = isHot ? withFile(hotFile, hot, own) : own
  return {
    seed,
    tasks: tasks ?? (isMade ? withFile(madeFile, made, hotOnes) : hotOnes),
    policy: {
      maxAgents: 1 + dice.below(3) + (isInLanes ? 3 : 0),
      unknownScope: dice.pick(['warn', 'alone', 'allow'] as const),
      limits: dice.chance(0.3) ? { layers: { api: 1 } } : {},
      leaseMs: 4000,
      idleMs: 15_000,
      turnMs: 40_000,
      backoffMs: 200,
      maxAttempts: 2,
      onFailure: dice.pick(['continue', 'continue', 'no-new', 'stop'] as const),
      ...(dice.chance(0.5) && { onOverlap: dice.pick(['wait', 'stack'] as const) }),
      onTargetMoved: (['never', 'next-turn', 'in-scope'] as const)[seed % 3] ?? 'never',
      onConflict: dice.pick(['tell', 'pause'] as const),
      hotFiles: {
        union: isHot ? [hotFile] : [],
        regenerate: isMade ? [{ files: [madeFile], command: making }] : [],
      },
      protected: [`${guardedFolder}/**`],
      epics: hasEpic ? { [epics[0]]: { target: integration } } : {},
      maxOpenReviews: dice.chance(0.2) ? 2 : null,
      landing: {
        by: dice.chance(0.7) ? 'orchestrator' : 'human',
        method: dice.pick(['merge', 'squash', 'rebase'] as const),
        via: isByHost ? 'host' : seed % 3 === 1 ? 'push' : 'local',
        checks: hasChecks ? ['test'] : [],
        checkMs: 10_000,
        review: isReviewed ? 'agent' : 'none',
        maxRepairs: dice.pick([0, 1, 1] as const),
        train: dice.pick([1, 2, 4, 8] as const),
        retryRed: dice.chance(0.3),
        // Many whose checks run at the same time.
        ...(isInLanes && { lanes: 2 + lanes.below(3), checks: ['test'], by: 'orchestrator' }),
      },
    },
    orchestrators: 1 + dice.below(3),
    isCalm: false,
    faultRate: dice.pick([0, 0.005, 0.02, 0.05] as const),
    hasReviewHost: dice.chance(0.4) || isByHost,
    begun: hasEpic && epic.chance(0.3) ? [integration] : [],
    stormMs: 10_000 + dice.below(40_000),
    schedulers: dice.chance(0.1) ? 'one' : 'many',
  }
}
