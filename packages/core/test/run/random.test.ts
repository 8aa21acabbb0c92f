import { OrchError, type RunState } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { quiet } from './played.ts'
import { epics, putAway, type RandomWorld, randomWorld } from './random-world.ts'

const seeds = Number(process.env.ORCH_SEEDS ?? 250)
const first = Number(process.env.ORCH_SEED ?? 0)
const { signal } = new AbortController()

/** The invariants as they can be seen from outside, by nothing that the loop shares. */
class Watch {
  readonly faults: string[] = []
  readonly #world: RandomWorld
  readonly #attempts = new Map<string, number>()
  readonly #landings = new Set<string>()
  #looks = 0
  readonly #candidates = new Map<string, string>()

  constructor(seed: number) {
    this.#world = randomWorld(seed, (world) => ({
      queue: {
        write: async (options) => {
          const { records } = await world.queue.read({ all: true, signal })
          const before = records.find(({ id }) => id === options.id)?.state
          const result = await world.queue.write(options)
          const begins = options.next.phase === 'spawned' && (before === undefined || before.phase === 'open')
          const states = new Map(records.map(({ id, state }) => [id, state]))
          if (result.ok && begins) this.#mayStart(options.id, states, options.next)
          return result
        },
      },
      vcs: {
        buildCandidate: async (options) => {
          const result = await world.vcs.buildCandidate(options)
          if (result.ok) this.#candidates.set(result.value.commit, /Task: (\S+)/.exec(options.message)?.[1] ?? '')
          return result
        },
        land: async (options) => {
          const target = async (): Promise<string> => (await world.vcs.observe({ landed: [], signal })).target
          const before = await target()
          const result = await world.vcs.land(options)
          if (result.ok && before !== (await target())) await this.#lands(options.commit)
          return result
        },
      },
    }))
  }

  get world(): RandomWorld {
    return this.#world
  }

  async look(): Promise<void> {
    const { queue, runner, tasks, policy } = this.#world
    const { records } = await queue.read({ all: true, signal })
    for (const { id, state } of records) {
      if (state.run.attempt < (this.#attempts.get(id) ?? 0)) this.faults.push(`the attempt of ${id} went back`)
      this.#attempts.set(id, state.run.attempt)
    }
    const agents = runner.alive.filter((key) => {
      const of = tasks.find(({ id }) => key.startsWith(`turn-${id}.`))
      return of !== undefined && of.kind !== 'sync'
    })
    for (const { id, state } of records) {
      if (state.run.taken == null) continue
      const theirs = agents.filter((key) => key.startsWith(`turn-${id}.`))
      if (theirs.length > 0) this.faults.push(`${id} is taken, and ${theirs} is alive`)
      const { workspaces } = await this.#world.vcs.observe({ landed: [], signal })
      if (!workspaces.has(state.branch?.workspace ?? ''))
        this.faults.push(`the workspace of ${id} is gone, and ${id} is taken`)
    }
    if (agents.length > policy.maxAgents) this.faults.push(`${agents.length} agents: ${agents.join(', ')}`)
    const twice = agents.map((key) => key.split('.')[0]).filter((name, at, all) => all.indexOf(name) !== at)
    if (twice.length > 0) this.faults.push(`two agents of one task: ${agents.join(', ')}`)
    this.#scopes(new Map(records.map(({ id, state }) => [id, state])))
    if (this.#looks++ % 20 === 0) await this.nothingLost()
  }

  /** When every run has ended, each task is closed, or says what it waits for. */
  async told(): Promise<void> {
    const { tasks } = await this.#world.orchestrator('reader', Number.POSITIVE_INFINITY).status()
    for (const row of tasks) {
      if (row.phase === 'closed' || row.stuckReason !== null || row.waits !== null) continue
      this.faults.push(`${row.id} is ${row.status} (${row.phase}), and every run has ended`)
    }
  }

  #mayStart(id: string, states: ReadonlyMap<string, RunState>, next: RunState): void {
    const { on: below = [], base } = next.branch ?? {}
    const [on] = below
    const under = on === undefined ? undefined : states.get(on)
    if (on !== undefined && under?.branch?.head !== base) this.faults.push(`${id} did not start on what ${on} has done`)
    if (on !== undefined && under?.phase !== 'committed' && under?.phase !== 'pr_created')
      this.faults.push(`${id} was started on ${on}, which was ${under?.phase}`)
    const task = this.#world.tasks.find((one) => one.id === id)
    const pattern = task?.follows?.length ? ['t0'] : []
    const stack = task?.stackedOn === undefined || below.includes(task.stackedOn) ? [] : [task.stackedOn]
    const needs = [...(task?.dependsOn ?? []), ...stack, ...pattern]
    for (const need of needs) {
      const state = states.get(need)
      const done = (state?.phase === 'merged' || state?.phase === 'closed') && state.outcome !== 'cancelled'
      if (!done) this.faults.push(`${id} was started before ${need} had landed`)
    }
  }

  async #lands(commit: string): Promise<void> {
    const id = this.#candidates.get(commit) ?? ''
    const { records } = await this.#world.queue.read({ all: true, signal })
    const name = `${id} attempt ${records.find((record) => record.id === id)?.state.run.attempt}`
    if (this.#landings.has(name)) this.faults.push(`${name} landed twice`)
    this.#landings.add(name)
  }

  #scopes(states: ReadonlyMap<string, RunState>): void {
    const held = new Map<string, string[]>()
    const isOn = (one: string, other: string): boolean => states.get(one)?.branch?.on?.includes(other) ?? false
    for (const { id, writes = [] } of this.#world.tasks) {
      const { phase = 'open', branch = null } = states.get(id) ?? {}
      if (phase === 'open' || phase === 'merged' || phase === 'closed' || branch === null) continue
      for (const glob of writes) {
        for (const other of held.get(glob) ?? [])
          if (!isOn(id, other) && !isOn(other, id)) this.faults.push(`${id} and ${other} both hold ${glob}`)
        held.set(glob, [...(held.get(glob) ?? []), id])
      }
    }
  }

  async nothingLost(): Promise<void> {
    const { vcs, committed } = this.#world
    const { target, workspaces } = await vcs.observe({ landed: [], signal })
    const kept = new Set(
      [target, ...vcs.pins().values(), ...workspaces.keys()].flatMap((name) => Object.keys(vcs.read(name))),
    )
    for (const path of committed) if (!kept.has(path)) this.faults.push(`${path} is lost`)
  }
}

async function play(seed: number): Promise<readonly string[]> {
  const watch = new Watch(seed)
  const { world } = watch
  const { dice, clock, queue, runner } = world
  let born = 0
  let deaths = 0
  const running = new Set<ReturnType<RandomWorld['orchestrator']>>()
  const start = (calls: number): void => {
    const orch = world.orchestrator(`orch-${++born}`, calls)
    const options = calls < Number.POSITIVE_INFINITY && dice.chance(0.2) ? { epic: dice.pick(epics) } : {}
    running.add(orch)
    orch.run(options).then(
      () => running.delete(orch),
      (error: unknown) => {
        running.delete(orch)
        // Its very last look, for the result, may meet an outage.
        if (!OrchError.is(error) || !error.retryable) watch.faults.push(`a run failed: ${String(error)}`)
      },
    )
  }
  const step = async (): Promise<void> => {
    await quiet(3)
    await watch.look()
    for (const key of runner.alive) if (dice.chance(0.002)) runner.vanish(key)
    for (const orch of running) {
      if (!orch.died()) continue
      running.delete(orch)
      deaths++
      // On this machine its death is proved; on another only its beat stands still.
      if (dice.chance(0.5)) await queue.beat({ owner: orch.owner, leaseMs: 0, signal })
    }
    clock.advance(Math.min(clock.untilNext() ?? 100, 500))
  }

  const wanted = 1 + dice.below(3)
  for (let act = 0; act < 60 && watch.faults.length === 0; act++) {
    while (running.size < wanted) start(dice.chance(0.6) ? 20 + dice.below(200) : Number.POSITIVE_INFINITY)
    if (dice.chance(0.3)) world.person(act)
    await step()
  }
  // No more people, and no more births of those that die: every run ends by itself.
  await putAway(world.vcs)
  await queue.pause({ paused: false, signal })
  const until = clock.elapsed() + 3_600_000
  for (let seen = -1; seen !== deaths && watch.faults.length === 0; ) {
    // Who died after the last one had left has left its tasks to somebody.
    seen = deaths
    start(Number.POSITIVE_INFINITY)
    while (running.size > 0 && watch.faults.length === 0) {
      await step()
      if (clock.elapsed() > until) watch.faults.push(`${running.size} runs did not end`)
    }
  }
  if (watch.faults.length === 0) await watch.told()
  if (watch.faults.length === 0) await closesAll(watch)
  return [...watch.faults, ...world.bugs.map((bug) => `a request failed: ${String(bug)}`)]
}

/** What a person cancels ends, whatever state the seed has left it in. */
async function closesAll(watch: Watch): Promise<void> {
  const { world } = watch
  const { clock, runner, vcs, tasks } = world
  const orch = world.orchestrator('last', Number.POSITIVE_INFINITY)
  let over = false
  const all = (async () => {
    for (const { id } of tasks) await orch.cancel(id).catch(() => undefined)
    return orch.run()
  })().finally(() => {
    over = true
  })
  for (const until = clock.elapsed() + 3_600_000; !over && clock.elapsed() < until; ) {
    await quiet(3)
    clock.advance(Math.min(clock.untilNext() ?? 100, 500))
  }
  if (!over) return void watch.faults.push('what was cancelled did not end')
  for (const row of (await all).tasks) if (row.phase !== 'closed') watch.faults.push(`${row.id} is not closed`)
  const { workspaces } = await vcs.observe({ landed: [], signal })
  if (workspaces.size > 0) watch.faults.push(`workspaces are left: ${[...workspaces.keys()].join(', ')}`)
  if (runner.alive.length > 0) watch.faults.push(`agents are left: ${runner.alive.join(', ')}`)
  await watch.look()
  await watch.nothingLost()
}

describe('the invariants hold, whatever agents, people and crashes do', () => {
  it(`over ${seeds} seeds`, { timeout: 600_000 }, async () => {
    for (let seed = first; seed < first + seeds; seed++) {
      const faults = await play(seed)
      expect(faults, `seed ${seed}: run it alone with ORCH_SEED=${seed} ORCH_SEEDS=1`).toEqual([])
    }
  })
})
