import { slugOf } from '../../model/slug.ts'
import type { NewTask, TaskId } from '../../model/task.ts'
import type { MemoryAgent, MemoryEnd, MemoryStart } from '../memory-process.ts'
import type { AgentScript } from '../memory-runner.ts'
import type { AgentsOptions } from './agents.ts'
import { type Conduct, conducts } from './conduct.ts'
import { fileIn } from './file-in.ts'
import type { Actor } from './scheduler.ts'

/** One process of an agent, in minutes since the run began. */
export interface SimulatedTurn {
  readonly task: TaskId
  readonly attempt: number
  readonly turn: number
  readonly start: number
  readonly end: number
  /** `stopped`: not by itself. */
  readonly ended: 'done' | 'failed' | 'stuck' | 'stopped'
}

export interface EstimatedAgents {
  minutesOf(task: NewTask): number
  /** Whether this attempt comes to nothing. */
  fails(task: TaskId, attempt: number): boolean
  /** What its agent does that does not just work; null: nothing. */
  conductOf(task: TaskId): Conduct | null
  /** Files that its agent really changes; null: those of its scope. */
  changesOf(task: TaskId): readonly string[] | null
  onTurn(turn: SimulatedTurn): void
}

export const minuteMs = 60_000
/** Agents print more often than anybody stops them for being silent. */
const signMs = 5 * minuteMs

const actor: Actor = { name: 'agents', dead: false, pausedUntil: 0 }

/** Agents that take as long as was estimated, change what they were to change, and end well unless they are said not to. Checks pass and reviewers approve at once. */
export function estimatedAgents(given: EstimatedAgents): (options: AgentsOptions) => AgentScript {
  return (options) => async (start, agent) => {
    const { environment, profile } = start
    const task = options.mirror.tasks.get(environment.ORCH_TASK ?? '')
    if (environment.ORCH_REVIEW !== undefined)
      return { report: { tell: 'verdict', verdict: 'approve', summary: 'As it was asked', findings: [] } }
    const isCheck = task === undefined || profile.name === 'checks'
    const ended = isCheck ? () => undefined : recorded(given, options, task.id, start, agent)
    const end = isCheck ? { exit: 0 } : await act(given, options, task, start, agent)
    if (end === undefined) return undefined
    ended(end)
    options.ledger.ended(start, end)
    return end
  }
}

/** Tells the turn when its process is over, by whatever hand. @returns to be told how it ends by itself */
function recorded(
  given: EstimatedAgents,
  { scheduler }: AgentsOptions,
  task: TaskId,
  { environment }: MemoryStart,
  agent: MemoryAgent,
): (end: MemoryEnd) => void {
  const now = (): number => scheduler.clock.elapsed() / minuteMs
  const [attempt, turn] = [Number(environment.ORCH_ATTEMPT), Number(environment.ORCH_TURN)]
  const start = now()
  let ended: SimulatedTurn['ended'] = 'stopped'
  agent.signal.addEventListener('abort', () => given.onTurn({ task, attempt, turn, start, end: now(), ended }))
  return ({ exit = 0, report }) => {
    const good = exit === 0 || report?.tell === 'done'
    ended = report?.tell === 'stuck' ? 'stuck' : good ? 'done' : 'failed'
  }
}

async function act(
  given: EstimatedAgents,
  { scheduler, vcs, dice }: AgentsOptions,
  task: NewTask,
  { environment, directory, prompt }: MemoryStart,
  agent: MemoryAgent,
): Promise<MemoryEnd | undefined> {
  const ms = given.minutesOf(task) * minuteMs
  const worked = async (all: number): Promise<void> => {
    for (let left = all; left > 0 && !agent.signal.aborted; left -= signMs) {
      await scheduler.rest(actor, Math.min(left, signMs), agent.signal)
      agent.print('working')
    }
  }
  const write = (paths: readonly string[]): void => {
    if (agent.signal.aborted) return
    const before = vcs.read(directory)
    vcs.edit(directory, Object.fromEntries(paths.map((path) => [path, `${before[path] ?? ''}by ${task.id}\n`])))
  }
  const edit = (): void => write(given.changesOf(task.id) ?? scopeOf(task))
  const commit = (): void => {
    if (!agent.signal.aborted) vcs.commit(directory, `by ${task.id}\n`)
  }
  const conduct = given.conductOf(task.id)
  if (conduct !== null) {
    const acts: (typeof conducts)[Conduct] = conducts[conduct]
    await worked(ms / 2)
    const work = (): Promise<void> => worked(Math.max(ms / 2, minuteMs))
    return acts({ agent, vcs, dice, directory, work, edit, stray: () => write(['outside']), commit })
  }
  await worked(ms)
  if (prompt.includes('conflicts with') && !agent.signal.aborted) vcs.mergeTarget(directory)
  else if (task.kind !== 'read') edit()
  if (given.fails(task.id, Number(environment.ORCH_ATTEMPT))) return { exit: 1 }
  commit()
  return { exit: 0, report: { tell: 'done' } }
}

/** One file of each of its patterns. */
function scopeOf({ id, writes }: NewTask): readonly string[] {
  if (writes === undefined) return [`${id}.txt`]
  return writes.filter((glob) => !glob.startsWith('!')).map((glob) => fileIn(glob, slugOf(id)))
}
