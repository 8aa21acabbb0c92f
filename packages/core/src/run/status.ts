import { waitsForConflict } from '../decide/apart.ts'
import { checklistOf } from '../decide/checklist.ts'
import { type Gate, gateOf } from '../decide/gate.ts'
import { haltedBy } from '../decide/landing.ts'
import { isApproved, reviewerOf } from '../decide/reviewing.ts'
import { notLanded } from '../decide/stacking.ts'
import { commandsOn } from '../decide/stale.ts'
import { readyNow } from '../decide/starts.ts'
import type { Sight, World } from '../decide/world.ts'
import { OrchError } from '../model/error.ts'
import { checkKey, turnKey } from '../model/process-key.ts'
import type { Report } from '../model/report.ts'
import { type RunState, untouched } from '../model/run-state.ts'
import { type Status, statusOf } from '../model/status.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import { sayWait } from '../plan/explain.ts'
import { regeneratedGlobs } from '../plan/hot-files.ts'
import type { Ready } from '../plan/plan.ts'
import type { Changes } from '../ports/vcs.ts'
import type { RunResult } from './contract.ts'
import { Noticed } from './noticed.ts'
import { observe } from './observe.ts'
import type { Setup } from './ports.ts'
import { redactedNames } from './redacted.ts'
import type { StatusReport, StatusRow, TaskReport } from './reports.ts'
import { Sightings } from './sightings.ts'
import { waitingOf } from './waiting.ts'

const tailLines = 20

/** Where everything stands, read anew. Tasks keep the order of their source. */
export async function readStatus(setup: Setup, signal: AbortSignal): Promise<StatusReport> {
  const sight = await look(setup, signal)
  const planned = plannedOf(sight)
  const rows = [...sight.world.tasks.values()].map((task) => row(setup, sight, task, planned, signal))
  return {
    target: setup.ports.vcs.target,
    paused: sight.world.paused,
    notes: (sight.world.vcs?.notes ?? []).map(({ why }) => setup.redact(why)),
    tasks: redactedNames(await Promise.all(rows), setup.redact),
  }
}

/** Everything about one task. */
export async function readReport(setup: Setup, id: TaskId, signal: AbortSignal): Promise<TaskReport> {
  const sight = await look(setup, signal)
  const task = taskIn(sight.world, id)
  const state = sight.world.records.get(id)?.state ?? null
  const key = state === null || state.run.attempt === 0 ? null : lastKey(setup, id, state)
  const tail = key === null ? [] : await setup.ports.runner.tail({ key, lines: tailLines, signal })
  const report: TaskReport = {
    ...(await row(setup, sight, task, plannedOf(sight), signal)),
    body: task.body,
    kind: task.kind,
    priority: state?.run.priority ?? task.priority,
    dependsOn: task.dependsOn,
    writes: task.writes ?? null,
    why: state?.run.why ?? 'never started',
    history: state?.run.history ?? [],
    allGuidance: (state?.run.guidance ?? []).map(({ text, turn }) => ({ text, turn })),
    stuckContext: state?.run.stuck?.context ?? null,
    left: state?.branch?.left ?? [],
    landed: state?.review?.landed ?? null,
    checklist: checklistOf(sight, task, state ?? untouched(sight.world.now)),
    verdict: state !== null && isApproved(state) ? (state.review?.verdict ?? null) : null,
    tail,
  }
  return redactedNames(report, setup.redact)
}

/** What holds for all tasks at once. */
interface Planned {
  readonly waits: Ready['waits']
  readonly kept: { readonly gate: Gate | null; readonly haltedBy: TaskId | null }
}

function plannedOf(sight: Sight): Planned {
  return { waits: readyNow(sight).waits, kept: { gate: gateOf(sight), haltedBy: haltedBy(sight.world) } }
}

export function taskIn(world: World, id: TaskId): Task {
  const task = world.tasks.get(id)
  if (task === undefined) throw new OrchError('unknown-task', `there is no task ${id}; \`orch status\` lists them`)
  return task
}

/** The world as a reader sees it: nothing is owned, nothing is started. */
export async function look({ ports, policy, owner }: Setup, signal: AbortSignal): Promise<Sight> {
  const everything = { list: { all: true, signal }, read: { all: true, signal } }
  const queue = Object.assign(Object.create(ports.queue) as typeof ports.queue, {
    list: () => ports.queue.list(everything.list),
    read: () => ports.queue.read(everything.read),
  })
  const world = await observe(
    { ...ports, queue },
    {
      owner,
      policy,
      sightings: new Sightings(),
      liveOwners: async () => new Set([owner]),
      busy: new Set(),
      noticed: new Noticed(),
      onProblem: () => undefined,
    },
    signal,
  )
  return { world, policy, reach: { start: true } }
}

async function row(setup: Setup, sight: Sight, task: Task, planned: Planned, signal: AbortSignal): Promise<StatusRow> {
  const { world } = sight
  const waits = planned.waits.get(task.id) ?? []
  const state = world.records.get(task.id)?.state ?? null
  const turn = state === null ? undefined : world.turns.get(turnKey(task.id, state.run.attempt, state.run.turn))
  const lost = waits.find((wait) => wait.for === 'lost')
  const status = lost === undefined ? statusFor(task, state, reportOf(turn)) : 'stuck'
  const found = state?.branch == null ? undefined : world.vcs?.workspaces.get(state.branch.workspace)
  // Another of its group may go on in it.
  const workspace = found?.branch === state?.branch?.name ? found : undefined
  const directory = workspace?.directory ?? null
  const bases = notLanded(world, state?.branch?.on ?? [])
  const waiting = waitingOf(task, {
    state,
    directory,
    waits,
    bases,
    ...planned.kept,
    apart: state === null || state.run.wants === null ? null : waitsForConflict(world, setup.policy, state),
    policy: setup.policy,
  })
  const changes = await changesOf(setup, task, state, workspace !== undefined, signal)
  return {
    id: task.id,
    title: task.title,
    epic: task.epic ?? null,
    status,
    phase: state?.phase ?? (task.state === 'open' ? 'open' : 'closed'),
    outcome: state?.outcome ?? (task.state === 'open' ? null : task.state),
    attempt: state?.run.attempt ?? 0,
    branch: state?.branch?.name ?? null,
    worktreePath: directory,
    startedAt: state?.run.startedAt ?? null,
    lastHeartbeat: turn?.is === 'alive' ? new Date(turn.lastSignAt).toISOString() : null,
    movedAt: state?.run.movedAt ?? null,
    stuckReason: lost === undefined ? (state?.run.stuck?.reason ?? null) : sayWait(lost),
    options: lost === undefined ? (state?.run.stuck?.options ?? []) : ['cancel'],
    guidance: state?.run.guidance.at(-1)?.text ?? null,
    reviewUrl: state?.review?.url ?? null,
    filesChanged: changes?.files ?? null,
    insertions: changes?.insertions ?? null,
    deletions: changes?.deletions ?? null,
    outside: outsideOf(state, changes),
    waits: waiting?.why ?? null,
    waitsFor: waiting?.for ?? null,
  }
}

function statusFor(task: Task, state: RunState | null, report: Report | null): Status {
  if (state === null && task.state !== 'open') return task.state === 'done' ? 'merged' : 'cancelled'
  return statusOf(state, report)
}

function reportOf(turn: Turn | undefined): Report | null {
  return turn === undefined || turn.is === 'never' || turn.is === 'unknown' ? null : turn.report
}

/** What an agent leaves lying about is no part of its change once that is sealed. */
function outsideOf(state: RunState | null, changes: Changes | null): readonly string[] {
  const isAtWork = state?.phase === 'spawned' || state?.phase === 'working'
  return (isAtWork ? changes?.outside : state?.branch?.outside) ?? []
}

async function changesOf(
  setup: Setup,
  { writes }: Task,
  state: RunState | null,
  there: boolean,
  signal: AbortSignal,
): Promise<Changes | null> {
  if (!there || state?.branch == null || state.phase === 'closed') return null
  const { workspace, base, target } = state.branch
  const scope = writes && { include: [...writes, ...regeneratedGlobs(setup.policy)] }
  try {
    return await setup.ports.vcs.changes({ workspace, base, target, ...scope, signal })
  } catch (error) {
    if (!OrchError.is(error) || !error.retryable) throw error
    return null
  }
}

function lastKey(setup: Setup, id: TaskId, state: RunState): string {
  const candidate = state.review?.candidate
  const commands = commandsOn(setup.policy, candidate)
  if (state.phase === 'pr_created' && candidate != null && commands.length > 0)
    return checkKey(id, candidate.tree, commands, candidate.run)
  return reviewerOf({ id, state }) ?? turnKey(id, state.run.attempt, state.run.turn)
}

/** What a run over these tasks came to. */
export function outcomeOf(rows: readonly StatusRow[], epic: string | undefined): RunResult['outcome'] {
  const mine = rows.filter((task) => epic === undefined || task.epic === epic)
  if (mine.some((task) => task.status === 'stuck')) return 'failures'
  return mine.every((task) => task.phase === 'closed') ? 'done' : 'waits'
}

/** The state of a task that may have none yet. */
export function stateIn(world: World, id: TaskId): RunState {
  return world.records.get(id)?.state ?? untouched(world.now)
}
