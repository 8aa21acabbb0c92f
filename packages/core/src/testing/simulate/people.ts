import { OrchError } from '../../model/error.ts'
import type { OrchErrorCode } from '../../model/errors/list.ts'
import { type ProcessKey, turnKey } from '../../model/process-key.ts'
import type { Task, TaskId } from '../../model/task.ts'
import type { Orchestrator } from '../../run/contract.ts'
import { brokenFile } from './agents.ts'
import { Dice } from './dice.ts'
import { secret } from './invariants/scene.ts'
import { mend, putAway, putBack, showAgain } from './mending.ts'
import type { SimulatedProcess } from './process.ts'
import { streams } from './setting.ts'
import { epics, scopeOf } from './tasks.ts'
import type { SimulatedWorld } from './world.ts'

/** What a person hears who asks for something that makes no sense now, or while something does not answer. */
const refusals = new Set<OrchErrorCode>([
  'unknown-task',
  'task-closed',
  'task-stuck',
  'task-not-ready',
  'task-taken',
  'invalid-tasks',
])

interface Person {
  readonly world: SimulatedWorld
  readonly dice: Dice
  readonly id: TaskId
  /** Numbers what people do. */
  readonly act: number
  ask(what: (orch: Orchestrator) => Promise<unknown>): void
}

type Deed = (person: Person) => void

const hour = 3_600_000

/** What people do meanwhile, to the tasks, to the repository and to the machine. */
const deeds = {
  'person-guides': ({ ask, id, act }) => ask((orch) => orch.guide(id, `guidance ${act}: ${secret}`)),
  'person-cancels': ({ ask, id }) => ask((orch) => orch.cancel(id)),
  'person-retries': ({ ask, id }) => ask((orch) => orch.retry(id)),
  'person-retries-fresh': ({ ask, id }) => ask((orch) => orch.retry(id, { fresh: true })),
  'person-lands': ({ ask, id }) => ask((orch) => orch.land(id)),
  'person-takes': ({ ask, id }) => ask((orch) => orch.take(id)),
  // Mostly people know what they have taken.
  'person-gives-back': ({ ask, id, world: { mirror } }) => {
    const taken = [...mirror.states].find(([, { run }]) => run.taken != null)
    return ask((orch) => orch.give(taken?.[0] ?? id))
  },
  'person-pauses-a-task': ({ ask, id }) => ask((orch) => orch.pause(id)),
  'person-resumes-a-task': ({ ask, id }) => ask((orch) => orch.resume(id)),
  'person-pauses-all': ({ ask }) => ask((orch) => orch.pauseAll()),
  'person-resumes-all': ({ ask }) => ask((orch) => orch.resumeAll()),
  'person-prioritises': ({ ask, id, act }) => ask((orch) => orch.prioritise(id, act % 5)),
  'person-releases': ({ ask, id }) => ask((orch) => orch.release(id)),
  'person-works-by-hand': ({ world, id, act }) => byHand(world, id, act),
  'person-commits': ({ world: { vcs }, act }) => vcs.userCommit({ [`user/${act}`]: 'by the user\n' }),
  'person-commits-a-conflict': ({ world: { vcs }, act }) => vcs.userCommit({ 'README.md': `user ${act}\n` }),
  'person-breaks-the-target': ({ world: { vcs } }) => vcs.userCommit({ [brokenFile]: 'it does not compile\n' }),
  'person-mends-the-target': ({ world }) => mend(world),
  'person-dirties-the-checkout': ({ world: { vcs } }) => vcs.userEdit({ 'README.md': 'dirty\n' }),
  'person-cleans-the-checkout': ({ world }) => putAway(world),
  'person-merges-by-hand': ({ world: { vcs }, dice }) => mergeByHand(vcs, dice),
  'person-deletes-a-branch'({ world: { vcs, ledger }, dice }) {
    const [directory] = pickOf(dice, workspacesOf(vcs))
    if (directory !== undefined) vcs.remove(directory)
    ledger.forgetLost()
  },
  'person-takes-the-branch-of-an-epic-away'({ world, dice }) {
    const { vcs, setting } = world
    const [target] = pickOf(
      dice,
      Object.values(setting.policy.epics ?? {}).map((epic) => epic.target),
    )
    const before = target === undefined ? undefined : vcs.branches().get(target)
    if (target === undefined || before === undefined) return
    vcs.userReset(null, target)
    world.away.set(target, before)
    world.later(3000, () => putBack(world, target))
  },
  'person-tears-a-workspace'({ world: { vcs, ledger }, dice }) {
    const [directory] = pickOf(dice, workspacesOf(vcs))
    if (directory !== undefined) vcs.tear(directory)
    ledger.forgetLost()
  },
  'person-works-in-a-workspace'({ world, dice }) {
    const [directory] = pickOf(dice, workspacesOf(world.vcs))
    if (directory === undefined) return
    world.vcs.occupy(directory, true)
    world.later(5000, () => workspacesOf(world.vcs).includes(directory) && world.vcs.occupy(directory, false))
  },
  'person-edits-a-task': ({ world, id, dice, act }) => world.editTask(id, changeOf(dice, act)),
  'person-edits-a-scope': ({ world, id, dice }) => world.editTask(id, { writes: scopeOf(dice) }),
  'person-edits-dependencies'({ world, id, dice }) {
    const others = [...world.mirror.tasks.keys()].filter((other) => other !== id)
    world.editTask(id, { dependsOn: others.filter(() => dice.chance(0.3)) })
  },
  'person-deletes-a-task'({ world, id }) {
    if (world.mirror.tasks.size > 1) world.deleteTask(id)
  },
  'person-puts-a-task-back'({ world, dice, act }) {
    const [id] = pickOf(dice, [...world.mirror.deleted.keys()])
    if (id !== undefined) world.putBack(id, dice.chance(0.5) ? changeOf(dice, act) : {})
  },
  'person-adds-a-task'({ ask, id, dice, act }) {
    const task = { id: `added${act}`, writes: scopeOf(dice), epic: dice.pick(epics) }
    ask((orch) => orch.add([{ ...task, dependsOn: dice.chance(0.5) ? [id] : [] }]))
  },
  'person-closes-a-task'({ world, id, dice }) {
    world.editTask(id, { state: dice.pick(['done', 'cancelled'] as const) })
    world.mirror.closedByPeople.add(id)
  },
  'review-is-approved': (person) => reviewed(person, 'approved'),
  'review-asks-for-changes': (person) => reviewed(person, 'changes-requested'),
  'review-is-closed': (person) => reviewed(person, 'closed'),
  'review-is-merged-there'({ world: { review, vcs, mirror }, id, act }) {
    const { name: branch, head } = mirror.states.get(id)?.branch ?? {}
    const base = vcs.branches().get(vcs.target) ?? ''
    if (branch === undefined || head == null) return
    void review?.merge?.({ branch, head, base, method: 'squash', signal: new AbortController().signal })
    // Somebody thinks better of it.
    if (act % 2 === 0) vcs.userReset(base)
  },
  'review-is-pushed-to': ({ world: { review, vcs, mirror }, id }) =>
    review?.push(mirror.states.get(id)?.branch?.name ?? '', vcs.branches().get(vcs.target) ?? ''),
  'wall-clock-steps': ({ world: { clock }, dice }) => clock.stepWall(dice.pick([-hour, hour])),
  'processes-cannot-be-seen'({ world, dice, act, ask }) {
    const [key] = pickOf(dice, seenOf(world))
    if (key === undefined) return
    world.runner.hide(key, 'its folder cannot be read')
    world.hidden.add(key)
    world.later(1000 + dice.below(9000), () => showAgain(world, key))
    const task = world.runner.agent(key).start.environment.ORCH_TASK
    // Who does not see it go on wants it to begin anew.
    if (task !== undefined && act % 2 === 0) ask((orch) => orch.retry(task))
  },
  'a-dead-process-is-forgotten'({ world, dice }) {
    const running = [...world.mirror.states].filter(([, { phase }]) => phase === 'working')
    const keys = new Set(running.map(([id, { run }]) => turnKey(id, run.attempt, run.turn)))
    const [key] = pickOf(
      dice,
      seenOf(world).filter((alive) => keys.has(alive)),
    )
    if (key === undefined) return
    world.runner.vanish(key)
    world.forgotten.add(key)
    void world.runner.forget({ prefixes: [key], signal: new AbortController().signal })
  },
  /** As by an owner that was paused right before the start, and was killed right after it. */
  'a-dead-attempt-starts'({ world: { mirror, runner }, id }) {
    const { attempt = 0 } = mirror.states.get(id)?.run ?? {}
    const [key, profile] = [turnKey(id, attempt - 1, 99), { name: 'late', argv: ['late'] } as const]
    const start = {
      key,
      profile,
      directory: '/late',
      prompt: '',
      environment: {},
      signal: new AbortController().signal,
    }
    if (attempt > 0) void runner.start(start)
  },
  'a-process-is-killed'({ world, dice }) {
    const [key] = pickOf(dice, seenOf(world))
    if (key !== undefined) world.runner.vanish(key)
  },
} satisfies Record<string, Deed>

export const deedNames = Object.keys(deeds) as (keyof typeof deeds)[]

function changeOf(dice: Dice, act: number): Partial<Task> {
  return dice.pick([
    { title: `title ${act} ${secret}` },
    { priority: dice.below(4) },
    { dependsOn: [] },
    { hold: false },
  ])
}

/** People who act every few seconds until the storm is over. */
export async function peopleAct(world: SimulatedWorld): Promise<void> {
  const dice = new Dice(world.setting.seed, streams.people)
  const actor = world.process('people')
  const { signal } = new AbortController()
  for (let act = 0; !world.mishaps.off; act++) {
    await world.scheduler.rest(actor, 100 + dice.below(4000), signal)
    const id = dice.pick([...world.mirror.tasks.keys()])
    const name = world.mishaps.deal(deedNames, 0.7)
    if (name === null) continue
    world.trace.say('people', () => `${name} ${id}`)
    deeds[name]({ world, dice, id, act, ask: (what) => asks(world, world.process(`person-${act}`), what) })
  }
}

/** Whoever asks has a process of their own, which nothing happens to. */
function asks(world: SimulatedWorld, process: SimulatedProcess, what: (orch: Orchestrator) => Promise<unknown>): void {
  const asking = what(world.orchestrator(process, 0))
    .catch((error: unknown) => {
      if (!OrchError.is(error) || !refusals.has(error.code)) world.violate(8, `a request failed: ${String(error)}`)
    })
    .finally(() => {
      world.asking.delete(asking)
      process.exit()
    })
  world.asking.add(asking)
}

/** Whoever has taken a task commits something in its workspace. */
function byHand({ vcs, mirror, ledger }: SimulatedWorld, id: TaskId, act: number): void {
  const { run, branch = null } = mirror.states.get(id) ?? {}
  if (run?.taken == null || branch === null) return
  const directory = workspacesOf(vcs).find((path) => path.endsWith(`/${branch.workspace}`))
  if (directory === undefined) return
  const path = `hand/${id}.${act}`
  vcs.edit(directory, { [path]: 'by hand\n' })
  vcs.commit(directory, `By hand ${act}`)
  ledger.wrote(path)
}

function seenOf({ runner, hidden }: SimulatedWorld): readonly ProcessKey[] {
  return runner.alive.filter((key) => !hidden.has(key))
}

/** As `git merge --squash` of somebody's branch, where nothing conflicts. */
function mergeByHand(vcs: SimulatedWorld['vcs'], dice: Dice): void {
  const [found] = pickOf(
    dice,
    [...vcs.branches()].filter(([branch]) => branch !== vcs.target),
  )
  if (found === undefined) return
  const [theirs, ours] = [vcs.read(found[1]), vcs.read(vcs.branches().get(vcs.target) ?? '')]
  const added = Object.entries(theirs).filter(([path]) => !(path in ours) && path !== brokenFile)
  if (added.length > 0) vcs.userCommit(Object.fromEntries(added), `Merge ${found[0]} by hand\n`)
}

function reviewed({ world, id }: Person, state: 'approved' | 'changes-requested' | 'closed'): void {
  const branch = world.mirror.states.get(id)?.branch?.name
  if (branch === undefined || world.review === null) return
  world.review.set(branch, state)
  if (state === 'approved') world.mirror.asked.set(id, [...world.mirror.askedOf(id), { do: 'land' }])
}

function workspacesOf(vcs: SimulatedWorld['vcs']): readonly string[] {
  return [...vcs.folders().keys()].filter((directory) => !directory.includes('/.aside/'))
}

function pickOf<T>(dice: Dice, from: readonly T[]): readonly T[] {
  return from.length === 0 ? [] : [dice.pick(from)]
}
