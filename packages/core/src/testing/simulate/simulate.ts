import { OrchError } from '../../model/error.ts'
import { type PolicyInput, policyOf } from '../../model/policy.ts'
import type { NewTask, Task, TaskId } from '../../model/task.ts'
import { planTasks } from '../../plan/plan-tasks.ts'
import type { RunResult } from '../../run/contract.ts'
import { checkedPolicy } from '../../run/policy-input.ts'
import type { Checker } from './call.ts'
import type { Conduct } from './conduct.ts'
import { Dice } from './dice.ts'
import { estimatedAgents, minuteMs, type SimulatedTurn } from './estimated-agents.ts'
import { willingPeople } from './willing-people.ts'
import { SimulatedWorld } from './world.ts'

export interface SimulateOptions {
  /** Minutes that each attempt of a task takes. Default the task's `minutes`, then the policy's. */
  readonly durations?: Readonly<Record<TaskId, number>>
  /** How many attempts of a task come to nothing before one is good; or which share of all attempts does, 0 to 1. Default none. */
  readonly failures?: number | Readonly<Record<TaskId, number>>
  /** What agents do otherwise than to change the files of their scope and end well. */
  readonly agents?: Readonly<Record<TaskId, SimulatedAgent>>
  /** Decides which attempts fail where `failures` is a share. The same seed gives the same run. Default 0. */
  readonly seed?: number
}

export interface SimulatedAgent {
  /** Default: it works, commits and says that it is done. */
  readonly does?: Conduct
  /** Files that it really changes, whatever its task says. Default one file of each pattern of the task's scope. */
  readonly changes?: readonly string[]
}

/** What a run would come to. Times are minutes since it began. */
export interface Simulation {
  readonly outcome: RunResult['outcome']
  /** Until the last turn, landing or end of a task. */
  readonly makespan: number
  /** Share of the agents' time in which they were at work, 0 to 1. */
  readonly utilisation: number
  /** Every process of an agent, by its start. */
  readonly timeline: readonly SimulatedTurn[]
  /** What came onto the target, in this order. */
  readonly landings: readonly { readonly task: TaskId; readonly at: number }[]
  /** Changes that did not go together with what had landed before them, and went back to their agents. */
  readonly conflicts: readonly { readonly task: TaskId; readonly at: number; readonly files: string }[]
  /** What waits for a person's decision at the end. */
  readonly stuck: readonly { readonly task: TaskId; readonly reason: string }[]
}

/** More can happen in no run that ends. */
const mostSteps = 5_000_000

/**
 * Runs the tasks through the real loop with simulated agents, without waiting for anything: a policy is tried out in milliseconds. People
 * approve what waits for them at once and let go what is on hold; a manual task takes them as long as it was estimated.
 * Throws `invalid-tasks` and `invalid-configuration`, with every problem.
 */
export async function simulate(
  tasks: readonly (Task | NewTask)[],
  policy: PolicyInput = {},
  options: SimulateOptions = {},
): Promise<Simulation> {
  const { durations = {}, failures = 0, agents = {}, seed = 0 } = options
  const checked = checkedPolicy(policy)
  planTasks(tasks, policyOf(policy))
  const dice = new Dice(seed)
  const timeline: SimulatedTurn[] = []
  const minutesOf = ({ id, minutes }: NewTask): number => durations[id] ?? minutes ?? checked.minutes
  const script = estimatedAgents({
    minutesOf,
    fails: (task, attempt) => (typeof failures === 'number' ? dice.chance(failures) : attempt <= (failures[task] ?? 0)),
    conductOf: (task) => agents[task]?.does ?? null,
    changesOf: (task) => agents[task]?.changes ?? null,
    onTurn: (turn) => timeline.push(turn),
  })
  const setting = {
    seed,
    tasks,
    policy: checked,
    isCalm: true,
    orchestrators: 1,
    faultRate: 0,
    hasReviewHost: false,
    begun: [],
    schedulers: 'many' as const,
    stormMs: 0,
  }
  const seen = { landings: [] as Simulation['landings'][number][], conflicts: [] as Simulation['conflicts'][number][] }
  const now = (): number => world.clock.elapsed() / minuteMs
  const world: SimulatedWorld = new SimulatedWorld(setting, {
    agents: script,
    onLook: [onlooker(seen, now, () => world)],
  })
  // Only what the caller asked for goes wrong.
  world.mishaps.off = true
  const people = willingPeople(world, (task) => minutesOf(task) * minuteMs)

  const until = async (over: () => boolean): Promise<void> => {
    do people.act()
    while (!over() && world.scheduler.steps < mostSteps && (await world.scheduler.step()))
  }
  let result: RunResult
  do {
    let over = false
    const running = world.orchestrator(world.process('orch'), 0).run()
    running.catch(() => undefined).finally(() => (over = true))
    await until(() => over)
    if (!over) throw new OrchError('bug', 'the simulated run came to a standstill')
    result = await running
    people.act()
    const { requests } = await world.queue.read({ signal: new AbortController().signal })
    // It has left what waits for a person only: when they have acted, the next run goes on. What was asked as it ended is for that one, too.
    if (!people.areBusy && requests.length === 0) break
    await until(() => !people.areBusy)
  } while (world.scheduler.steps < mostSteps)
  const { outcome, tasks: rows } = result
  const stuck = rows.flatMap(({ id, stuckReason }) => (stuckReason === null ? [] : [{ task: id, reason: stuckReason }]))
  const makespan = Math.max(0, ...timeline.map(({ end }) => end), ...seen.landings.map(({ at }) => at))
  const busy = timeline.reduce((sum, { start, end }) => sum + end - start, 0)
  const utilisation = makespan === 0 ? 0 : busy / (makespan * checked.maxAgents)
  timeline.sort((a, b) => a.start - b.start || (a.task < b.task ? -1 : 1))
  return { outcome, makespan, utilisation, timeline, ...seen, stuck }
}

/** Sees what lands, and what does not go together. */
function onlooker(
  { landings, conflicts }: { landings: Simulation['landings'][number][]; conflicts: Simulation['conflicts'][number][] },
  now: () => number,
  world: () => SimulatedWorld,
): Checker {
  const built = new Map<string, { readonly task: TaskId; readonly base: string }>()
  const land = (commit: string, expect: string): void => {
    const candidate = built.get(commit)
    if (commit === expect || candidate === undefined) return
    // The whole train lands by its last commit.
    land(candidate.base, expect)
    landings.push({ task: candidate.task, at: now() })
  }
  return {
    after({ port, verb, options }, answer) {
      if (port !== 'vcs') return
      const result = answer as {
        readonly ok: boolean
        readonly reason?: string
        readonly detail?: string
        readonly value?: { readonly commit: string }
      }
      if (verb === 'land' && result.ok) land(options.commit, options.expect)
      if (verb !== 'buildCandidate' && verb !== 'amendCandidate') return
      const { base } = options
      const task = verb === 'amendCandidate' ? built.get(options.commit)?.task : world().mirror.candidateOf(options)
      if (task === undefined) return
      if (result.value !== undefined) built.set(result.value.commit, { task, base })
      const isNext = base === world().vcs.branches().get(world().vcs.target)
      if (result.reason === 'conflict' && isNext) conflicts.push({ task, at: now(), files: result.detail ?? '' })
    },
  }
}
