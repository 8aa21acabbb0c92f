import { OrchError } from './error.ts'
import type { Glob } from './task.ts'

/** Limits and choices of a run. Every field has a default, see `policyOf`. */
export interface Policy {
  /** Agents that may be alive together, counting every orchestrator on the queue. Default 3. */
  readonly maxAgents: number
  /** A task without `writes`: `warn` runs it and says so, `alone` runs nothing beside it, `allow` says nothing. Default `warn`. */
  readonly unknownScope: 'warn' | 'alone' | 'allow'
  /** Whether paths that differ in case are different files. Default true. */
  readonly caseSensitive: boolean
  /** Tasks of one layer, role or feature that may run together. What is not named has no limit. Default none. */
  readonly limits: Limits
  /** Units of named resources that there are. One that a task asks for and that is not named has 1 unit. Default none. */
  readonly resources: Readonly<Record<string, number>>
  /** Changes that may be under way or wait to land together; null: no limit. Default null. */
  readonly maxOpenReviews: number | null
  /** Patterns of which each is written by one task at a time, even where two would write different files of it. Default none. */
  readonly sharedFiles: readonly Glob[]
  /** Files that nearly every task changes, and that keep no two of them apart. */
  readonly hotFiles: HotFiles
  /**
   * A change that holds files outside the task's `writes`. `warn`: says so and lands it; `stuck`: a person decides; `refuse`: never lands it, it goes back to its
   * agent `landing.maxRepairs` times, then to a person. Default `warn`.
   */
  readonly outsideScope: 'warn' | 'stuck' | 'refuse'
  /** Files that no change touches unless a person lets it land, whatever `landing.by` says. Default those that say how work is checked and by whom. */
  readonly protected: readonly Glob[]
  /** Whether a task that reads a file waits for one that writes it, and the other way round. Otherwise the plan warns. Default false. */
  readonly readsBlock: boolean
  /**
   * What a task does whose files another one holds that is done and waits to land: `wait`, or `stack`: it starts on that one's branch and lands
   * after it. Default `stack` where a person lets changes land, otherwise `wait`.
   */
  readonly onOverlap: 'wait' | 'stack'
  /**
   * What follows when two changes that are under way would not merge. `tell`: both agents hear of it; `pause`: the agent of the later one is stopped as well, what it did is
   * kept, and it goes on when the other one has landed or they go together again. Default `tell`.
   */
  readonly onConflict: 'tell' | 'pause'
  /**
   * What an agent hears of a target that moves on below its branch. `next-turn`: each further turn begins with what its branch has not; `in-scope`: an agent at work is told as well
   * when that changed a file which its task writes or reads; `never`: nothing but conflicts. Default `next-turn`.
   */
  readonly onTargetMoved: 'never' | 'next-turn' | 'in-scope'
  /** Minutes that a task without an estimate is planned with. Default 30. */
  readonly minutes: number
  /** How little work is done better without agents side by side. */
  readonly worth: Worth
  /** Attempts before a task is stuck. Default 3. */
  readonly maxAttempts: number
  /**
   * What a run does while one of its tasks is stuck. `continue`: goes on with the others; `no-new`: what is under way goes on, no other task is
   * started; `stop`: agents are stopped, what they did is kept, and their tasks wait for another attempt. Default `continue`.
   */
  readonly onFailure: 'continue' | 'no-new' | 'stop'
  /** Milliseconds before the second attempt, less up to a half by chance; doubles with each further one up to 5 minutes. Default 1000. */
  readonly backoffMs: number
  /** A turn that shows no sign for this long is stopped. Milliseconds, default 30 minutes. */
  readonly idleMs: number
  /** A turn that lives longer is stopped. Milliseconds, default 4 hours. */
  readonly turnMs: number
  /** An owner whose beat stands still for this long has lost its tasks. Milliseconds, default 15 000. */
  readonly leaseMs: number
  /** New files that a task without a scope leaves behind are sealed when they match. Default everything. */
  readonly seal: readonly Glob[]
  /** What the branches of tasks begin with: `orch/` and the task's slug. Default `orch/`. */
  readonly branchPrefix: string
  /**
   * By name of an epic, the branch that its tasks start from and land on. When all of them have landed, that branch lands on the repository's target as one change.
   * An epic that is not named lands task by task. Default none.
   */
  readonly epics: Readonly<Record<string, EpicChoices>>
  readonly landing: Landing
}

export interface EpicChoices {
  /** Made where the target is when the first task of the epic starts; one that is there already is gone on with. */
  readonly target: string
}

/** Each at least 1. */
export interface Limits {
  readonly layers: Readonly<Record<string, number>>
  readonly roles: Readonly<Record<string, number>>
  readonly features: Readonly<Record<string, number>>
}

export interface HotFiles {
  /**
   * Files with lines of their own for each change, such as a changelog. Where two changes of one do not merge it gets the lines of both, those that landed first before
   * the others, and the checks run on that. Also all below what matches. Default none.
   */
  readonly union: readonly Glob[]
  /**
   * Files that a command makes of others, such as a lockfile. Where two changes of one do not merge, that is no conflict: the command makes it anew on what is
   * about to land. Default none.
   */
  readonly regenerate: readonly RegeneratedFiles[]
}

export interface RegeneratedFiles {
  /** Also all below what matches. */
  readonly files: readonly Glob[]
  /**
   * Run by `sh -c` like a check, in a check-out of its own, for each change that touches one of the files or before which the target has changed one since. Of what it leaves there the
   * files alone are taken, and what comes of that is checked. It has `landing.checkMs`.
   */
  readonly command: string
}

/** In declared files or folders. */
export interface Worth {
  /** Up to this many: no agent at all. Default 2. */
  readonly direct: number
  /** Up to this many: a single agent. Default 10. */
  readonly single: number
}

export interface Landing {
  /** Who lets a change onto the target: `human` waits for `orch land`. Default `human`. */
  readonly by: 'human' | 'orchestrator'
  /** Default `merge`. */
  readonly method: 'merge' | 'squash' | 'rebase'
  /**
   * Where it lands: `local`, on the branch of this repository; `push`, on a remote's, of which the version control has to know (`local({ remote })`), and from there on the branch here;
   * `host`, on that of a remote, too, where the review host merges what passed, one change at a time. Default `local`: nothing is pushed or merged elsewhere that nobody asked for.
   */
  readonly via: 'local' | 'push' | 'host'
  /** Commands that must succeed on the candidate, each run by `sh -c` in its own check-out. They come from configuration only. Default none. */
  readonly checks: readonly string[]
  /** Milliseconds that the checks may take together. Default 30 minutes. */
  readonly checkMs: number
  /**
   * Who looks at each change before it may land. `agent`: an agent of its own, in a check-out that lands nowhere, says `approve` or sends the change back; `landing.by` and
   * `protected` hold after that. Default `none`.
   */
  readonly review: 'none' | 'agent'
  /** Times that a red check, a conflict or a reviewer's findings go back to the agent before a person decides. Default 2. */
  readonly maxRepairs: number
  /**
   * Up to how many changes are checked and landed together: the checks run once, on all of them. When they are red, the guilty one is found by
   * halving, and the others land. Fewer after each that was guilty, one more after each train that landed. Default 4; 1, and always where a review host merges: each change alone.
   */
  readonly train: number
  /**
   * Up to how many trains of changes that have no file in common are checked at the same time. One that is green lands although others have landed beside it meanwhile: what the
   * target holds then was not checked as a whole. Default 1: what lands is what was checked.
   */
  readonly lanes: number
  /** Red checks run once more on the same tree before anybody is blamed: green then, the change lands and the checks are told to be flaky. Default false. */
  readonly retryRed: boolean
}

/** What a person writes: own choices over those of a preset over the defaults. */
export type PolicyInput = Partial<Omit<Policy, 'landing' | 'limits' | 'hotFiles' | 'worth'>> & {
  /** Choices to begin with, by name. Default `balanced`. */
  readonly preset?: PresetName
  readonly landing?: Partial<Landing>
  readonly limits?: Partial<Limits>
  readonly hotFiles?: Partial<HotFiles>
  readonly worth?: Partial<Worth>
}

export const defaultPolicy: Policy = {
  maxAgents: 3,
  unknownScope: 'warn',
  caseSensitive: true,
  limits: { layers: {}, roles: {}, features: {} },
  resources: {},
  maxOpenReviews: null,
  sharedFiles: [],
  hotFiles: { union: [], regenerate: [] },
  outsideScope: 'warn',
  protected: [
    'orch.config.*',
    '**/CODEOWNERS',
    '.gitmodules',
    '.github/**',
    '.gitlab-ci.yml',
    '.gitlab/**',
    '.circleci/**',
    '.buildkite/**',
    '.travis.yml',
    'azure-pipelines.yml',
    'Jenkinsfile',
  ],
  readsBlock: false,
  onOverlap: 'stack',
  onConflict: 'tell',
  onTargetMoved: 'next-turn',
  minutes: 30,
  worth: { direct: 2, single: 10 },
  maxAttempts: 3,
  onFailure: 'continue',
  backoffMs: 1000,
  idleMs: 30 * 60_000,
  turnMs: 4 * 3_600_000,
  leaseMs: 15_000,
  seal: ['**'],
  branchPrefix: 'orch/',
  epics: {},
  landing: {
    by: 'human',
    method: 'merge',
    via: 'local',
    checks: [],
    checkMs: 30 * 60_000,
    review: 'none',
    maxRepairs: 2,
    train: 4,
    lanes: 1,
    retryRed: false,
  },
}

/** `solo` and `pair` are `forTeam(1)` and `forTeam(2)`. */
export type PresetName = 'cautious' | 'balanced' | 'fast' | 'solo' | 'pair'

/**
 * Choices that go together. `cautious`: two agents, tasks whose files nobody knows run alone, readers wait for writers, one change is checked at a time.
 * `balanced`: the defaults. `fast`: five agents, nothing is said of unknown files, little work is shared out too, up to eight changes are checked together.
 */
export const presets: Readonly<Record<PresetName, PolicyInput>> = {
  cautious: { maxAgents: 2, unknownScope: 'alone', readsBlock: true, landing: { train: 1 } },
  balanced: {},
  fast: { maxAgents: 5, unknownScope: 'allow', worth: { direct: 1, single: 4 }, landing: { train: 8 } },
  solo: forTeam(1),
  pair: forTeam(2),
}

/**
 * How many agents a team can keep an eye on: one person switches between three, two have one each, and from then on there is one for each person.
 * @param size people; throws `invalid-configuration` unless it is a whole number from 1
 */
export function forTeam(size: number): { readonly maxAgents: number } {
  if (!Number.isInteger(size) || size < 1) {
    throw new OrchError('invalid-configuration', `the size of a team is a whole number from 1, not ${size}`)
  }
  return { maxAgents: size === 1 ? 3 : size }
}

/** The given choices over those of their preset over the defaults. One that is `undefined` was not made. */
export function policyOf(given: PolicyInput = {}): Policy {
  const { preset: name = 'balanced', ...own } = given
  const preset = presets[name]
  const landing = { ...defaultPolicy.landing, ...preset.landing, ...made(own.landing) }
  return {
    ...defaultPolicy,
    onOverlap: landing.by === 'human' ? 'stack' : 'wait',
    ...preset,
    ...made(own),
    limits: { ...defaultPolicy.limits, ...preset.limits, ...made(own.limits) },
    hotFiles: { ...defaultPolicy.hotFiles, ...made(own.hotFiles) },
    worth: { ...defaultPolicy.worth, ...preset.worth, ...made(own.worth) },
    landing,
  }
}

function made<Choices extends object>(choices: Choices | undefined): Partial<Choices> {
  if (choices === undefined) return {}
  if (!Object.values(choices).includes(undefined)) return choices
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)) as Partial<Choices>
}
