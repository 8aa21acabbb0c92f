import {
  createOrchestrator,
  type NewTask,
  OrchError,
  type OrchErrorCode,
  type Orchestrator,
  type PolicyInput,
  type TaskId,
} from '@orch/core'
import {
  type HandClock,
  handClock,
  type MemoryQueue,
  type MemoryRunner,
  type MemoryVcs,
  memoryQueue,
  memoryRunner,
  memoryVcs,
  task,
} from '@orch/core/testing'
import { Dice } from './dice.ts'
import { slowly } from './played.ts'
import { randomAgent } from './random-agent.ts'
import { agent } from './run-rig.ts'

/** What a person hears who asks for something that makes no sense now. */
const refusals = new Set<OrchErrorCode>(['unknown-task', 'task-closed', 'task-stuck', 'task-not-ready', 'task-taken'])

export interface RandomWorld {
  readonly dice: Dice
  readonly clock: HandClock
  readonly queue: MemoryQueue
  readonly vcs: MemoryVcs
  readonly runner: MemoryRunner
  readonly tasks: readonly NewTask[]
  readonly policy: PolicyInput & { readonly maxAgents: number }
  /** Paths that no two commits share: what agents have committed. */
  readonly committed: Set<string>
  /** A process that may die at its `calls`th call, before or after it has done something; its promises never end then. */
  orchestrator(owner: string, calls: number): Orchestrator & { readonly owner: string; readonly died: () => boolean }
  person(act: number): void
  readonly bugs: unknown[]
}

export const epics = ['one', 'two'] as const

/** @param guards verbs of the ports that the test looks at */
export function randomWorld(
  seed: number,
  guards: (world: RandomWorld) => { readonly queue: Partial<MemoryQueue>; readonly vcs: Partial<MemoryVcs> },
): RandomWorld {
  const dice = new Dice(seed)
  const clock = handClock()
  const tasks = randomTasks(dice)
  const committed = new Set<string>()
  const vcs = memoryVcs()
  const queue = memoryQueue({ tasks: tasks.map(({ id, ...fields }) => task(id, fields)) })
  const bugs: unknown[] = []
  const policy = {
    maxAgents: 1 + dice.below(3),
    leaseMs: 4000,
    idleMs: 30_000,
    backoffMs: 200,
    onFailure: dice.pick(['continue', 'continue', 'no-new', 'stop'] as const),
    maxAttempts: 2,
    landing: {
      by: dice.chance(0.7) ? ('orchestrator' as const) : ('human' as const),
      method: dice.pick(['merge', 'squash', 'rebase'] as const),
      checks: dice.chance(0.4) ? ['test'] : [],
      maxRepairs: 1,
    },
  }
  const runner = memoryRunner({ script: randomAgent(dice, clock, vcs, tasks, committed), now: () => clock.now() })
  const open = (owner: string, wrap: <T extends object>(port: T) => T): Orchestrator => {
    const guarded = guards(world)
    return createOrchestrator({
      queue: wrap({ ...queue, ...guarded.queue }),
      vcs: wrap(slowly({ ...vcs, ...guarded.vcs })),
      runner: wrap({ ...runner }),
      clock: wrap({ ...clock }),
      agent,
      policy,
      owner,
    })
  }
  const world: RandomWorld = {
    ...{ dice, clock, queue, vcs, runner, tasks, policy, committed, bugs },
    orchestrator(owner, calls) {
      const mortal = mortality(dice, calls)
      return Object.assign(open(owner, mortal.wrap), { owner, died: mortal.died })
    },
    person(act) {
      const { id } = dice.pick(tasks)
      const orch = open(`person-${act}`, (port) => port)
      const deeds: readonly (() => Promise<unknown> | undefined)[] = [
        () => orch.guide(id, `guidance ${act}`),
        () => orch.cancel(id),
        () => orch.retry(id),
        () => orch.retry(id, { fresh: true }),
        () => orch.land(id),
        () => orch.take(id),
        () => orch.give(id),
        () => orch.pause(id),
        () => orch.resume(id),
        () => orch.prioritise(id, act % 5),
        () => orch.release(id),
        () => orch.pauseAll(),
        () => orch.resumeAll(),
        () => byHand(world, id, act),
        async () => vcs.userCommit({ [`user/${act}`]: 'by the user\n' }),
        async () => vcs.userCommit({ 'README.md': `user ${act}\n` }),
        async () => vcs.userEdit({ 'README.md': 'dirty\n' }),
        () => putAway(vcs),
      ]
      Promise.resolve(dice.pick(deeds)()).catch((error: unknown) => {
        if (!OrchError.is(error) || !refusals.has(error.code)) bugs.push(error)
      })
    },
  }
  return world
}

/** Whoever has taken a task commits something in its workspace. */
async function byHand({ queue, vcs, committed }: RandomWorld, id: TaskId, act: number): Promise<void> {
  const { signal } = new AbortController()
  const { records } = await queue.read({ signal })
  const state = records.find((record) => record.id === id)?.state
  const workspace = state?.branch?.workspace ?? ''
  const { workspaces } = await vcs.observe({ landed: [], signal })
  if (state?.run.taken == null || workspaces.get(workspace)?.state !== 'ready') return
  vcs.edit(workspace, { [`hand/${id}.${act}`]: 'by hand\n' })
  vcs.commit(workspace, `By hand ${act}`)
  committed.add(`hand/${id}.${act}`)
}

/** The user's checkout is clean again. */
export async function putAway(vcs: MemoryVcs): Promise<void> {
  const { target } = await vcs.observe({ landed: [], signal: new AbortController().signal })
  vcs.userEdit({ 'README.md': vcs.read(target)['README.md'] ?? null })
}

/** Wraps every verb of the ports of one process. */
function mortality(dice: Dice, calls: number): { wrap<T extends object>(port: T): T; died(): boolean } {
  let left = calls
  let dead = false
  const never = new Promise<never>(() => undefined)
  return {
    died: () => dead,
    wrap: (port) =>
      Object.fromEntries(
        Object.entries(port).map(([name, verb]) => {
          if (typeof verb !== 'function' || ['now', 'elapsed', 'sleep', 'watch'].includes(name)) return [name, verb]
          return [
            name,
            async (...given: unknown[]) => {
              if (dead || (--left <= 0 && dice.chance(0.5))) {
                dead = true
                return never
              }
              if (Number.isFinite(calls) && dice.chance(0.01))
                throw new OrchError('port-failed', 'no answer', { retryable: true })
              const answer = await verb.call(port, ...given)
              if (left <= 0) dead = true
              return dead ? never : answer
            },
          ]
        }),
      ) as typeof port,
  }
}

const folders = ['d0', 'd1', 'd2', 'd3'] as const

function randomTasks(dice: Dice): readonly NewTask[] {
  const tasks: NewTask[] = []
  for (let index = 0; index < 3 + dice.below(5); index++) {
    const before = tasks.map(({ id }) => id)
    const kind = dice.chance(0.75) ? 'change' : dice.pick(['read', 'sync', 'manual'] as const)
    const dependsOn = before.filter(() => dice.chance(0.2))
    tasks.push({
      id: `t${index}`,
      kind,
      ...(kind === 'change' && { writes: folders.filter(() => dice.chance(0.35)).map((folder) => `${folder}/**`) }),
      epic: dice.pick(epics),
      dependsOn: kind === 'sync' ? before : dependsOn,
      ...(dice.chance(0.1) && before.length > 0 && { stackedOn: dice.pick(before) }),
      ...(dice.chance(0.2) && { group: 'g' }),
      ...(index === 0 && { establishes: 'pattern' }),
      ...(index > 0 && dice.chance(0.1) && { follows: ['pattern'] }),
      hold: dice.chance(0.1),
      priority: dice.below(3),
    })
  }
  return tasks
}
