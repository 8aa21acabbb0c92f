import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { RunRecord } from '../model/run-state.ts'
import { type Task, type TaskId, taskOf } from '../model/task.ts'

type Records = ReadonlyMap<TaskId, RunRecord>

/** The task is the landing of a whole epic: its own name is the epic's. */
export function isEpic({ epics }: Pick<Policy, 'epics'>, id: TaskId): boolean {
  return Object.hasOwn(epics, id)
}

/** What its tasks did is on the repository's target: what comes to it later lands there itself. */
export function hasLanded(records: Records, epic: TaskId): boolean {
  const state = records.get(epic)?.state
  return state?.phase === 'merged' || (state?.phase === 'closed' && state.outcome !== 'cancelled')
}

/**
 * The tasks of a source with what an epic that has a branch asks of them. It gets a task of its own, under its own name, which waits for all of its tasks
 * and lands what they have landed on that branch. Who depends on one of them from outside waits for that task, as nothing of it is on the repository's target
 * before; and all of them wait for what one of them needs from outside, as the branch begins only once.
 */
export function withEpics(tasks: readonly Task[], records: Records, policy: Pick<Policy, 'epics'>): readonly Task[] {
  const known = Object.keys(policy.epics).flatMap((id) => epicIn(tasks, records, id) ?? [])
  if (known.length === 0) return tasks
  const open = known.filter(({ isOver }) => !isOver)
  const outside = open.reduce((all, epic) => all.map((task) => withItsNeeds(task, epic)), tasks)
  const whole = open.reduce((all, epic) => all.map((task) => asMember(task, epic, all)), outside)
  const isThere = ({ id, record }: Epic): boolean =>
    record?.state.run.listed !== true || record.state.phase === 'closed' || tasks.some((task) => task.id === id)
  const own = new Map(known.filter(isThere).map((epic) => [epic.id, ownTask(epic, tasks, records, policy)]))
  const listed = whole.map((task) => own.get(task.id) ?? task)
  return [...listed, ...[...own.values()].filter(({ id }) => !listed.some((task) => task.id === id))]
}

/** One that is to land, or has begun to. */
interface Epic {
  readonly id: TaskId
  readonly members: ReadonlyMap<TaskId, Task>
  readonly record: RunRecord | undefined
  /** What comes to it lands by itself. */
  readonly isOver: boolean
}

function epicIn(tasks: readonly Task[], records: Records, id: TaskId): Epic | null {
  const record = records.get(id)
  const listed = tasks.find((task) => task.id === id)
  if (listed !== undefined && listed.kind !== 'manual')
    throw new OrchError(
      'invalid-configuration',
      `policy.epics names ${id}, and that is a task with work of its own, too; give the epic another name`,
    )
  const members = new Map(tasks.flatMap((task) => (task.epic === id && task.id !== id ? [[task.id, task]] : [])))
  const isOver = hasLanded(records, id) || (record === undefined && listed !== undefined && listed.state !== 'open')
  const isNothing = record === undefined && ![...members.values()].some(({ state }) => state === 'open')
  // Somebody else's task, who has closed it.
  const isClosed = isOver && record === undefined
  return isNothing || isClosed ? null : { id, members, record, isOver }
}

function ownTask(
  { id, members, record }: Epic,
  tasks: readonly Task[],
  records: Records,
  policy: Pick<Policy, 'epics'>,
): Task {
  const { target } = policy.epics[id] ?? { target: '' }
  const listed = tasks.find((task) => task.id === id)
  const { stackedOn, group: _, writes: __, ...own } = listed ?? taskOf({ id, title: `Land ${target}` })
  // Some may have left their source, and have work on a branch that has not landed.
  const under = [...records.values()].filter(({ state }) => state.branch?.target === target && state.phase !== 'closed')
  const needed = [...members.values()].filter(({ state }) => state !== 'cancelled')
  const begun = record !== undefined && record.state.phase !== 'open'
  const before = begun ? [] : [...needed, ...under].map((each) => each.id)
  const needs = [...own.dependsOn, ...(stackedOn === undefined ? [] : [stackedOn]), ...before]
  return {
    ...own,
    body: `${own.body}\n\nYour branch holds what all tasks of this epic have landed on \`${target}\`. It is to land as one change.`.trim(),
    kind: 'change',
    epic: id,
    dependsOn: [...new Set(needs)].filter((each) => each !== id),
  }
}

/** The tasks that have to be over before it starts. */
function needsOf({ dependsOn, stackedOn, follows }: Task, tasks: readonly Task[]): readonly TaskId[] {
  const establishers = tasks.filter(({ establishes }) => establishes !== undefined && follows.includes(establishes))
  return [...dependsOn, ...(stackedOn === undefined ? [] : [stackedOn]), ...establishers.map(({ id }) => id)]
}

/** Of somebody outside: the whole epic in the place of one of its tasks. */
function withItsNeeds(task: Task, { id, members }: Epic): Task {
  if (task.id === id || members.has(task.id) || task.state !== 'open') return task
  const isNeeded = (need: TaskId): boolean => members.has(need) && members.get(need)?.state !== 'cancelled'
  if (!needsOf(task, [...members.values()]).some(isNeeded)) return task
  return waitingFor(task, [id], (below) => members.has(below))
}

function asMember(task: Task, { id, members, record }: Epic, tasks: readonly Task[]): Task {
  if (!members.has(task.id)) return task
  // Also of one that is closed in its source: until it is put away its group waits for it.
  const group = task.group === undefined ? {} : { group: `${id}/${task.group}` }
  if (task.state !== 'open') return { ...task, ...group }
  const open = new Map(tasks.flatMap((each) => (each.state === 'open' ? [[each.id, each]] : [])))
  const all = [...open.values()].filter((each) => members.has(each.id)).flatMap((each) => needsOf(each, tasks))
  const needs = all.filter((need) => open.has(need) && !members.has(need))
  // What comes while the others are landing starts on the target that they are on then.
  const after = record !== undefined && record.state.phase !== 'open' && record.state.phase !== 'closed' ? [id] : []
  return { ...waitingFor(task, [...needs, ...after], (below) => !members.has(below)), ...group }
}

/** @param isElsewhere whether a branch that it would start on lands elsewhere */
function waitingFor(task: Task, needs: readonly TaskId[], isElsewhere: (id: TaskId) => boolean): Task {
  const { stackedOn, ...rest } = task
  const moved = stackedOn !== undefined && isElsewhere(stackedOn) ? [stackedOn] : []
  return {
    ...rest,
    ...(stackedOn !== undefined && moved.length === 0 && { stackedOn }),
    dependsOn: [...new Set([...task.dependsOn, ...moved, ...needs])],
  }
}
