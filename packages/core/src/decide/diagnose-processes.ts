import { type ProcessKey, type ToldByKey, toldBy } from '../model/process-key.ts'
import type { TaskId } from '../model/task.ts'
import { isLive, type Turn } from '../model/turn.ts'
import { bySlug, type Examined } from './examined.ts'
import { type Finding, finding } from './finding.ts'
import { outlivedBy } from './outlived.ts'

/** Processes that no record tells of, or that of another attempt. */
export function diagnoseProcesses(examined: Examined): readonly Finding[] {
  const { queue, processes } = examined
  if (queue === null || !queue.complete || processes === null) return []
  const tasks = bySlug(examined)
  return [...processes].flatMap(([key, turn]) => {
    const told = toldBy(key)
    if (told === null || turn.is === 'never') return []
    const id = tasks.get(told.slug)
    return id === undefined ? ofNobody(key, turn) : ofTask(examined, id, { key, turn, told })
  })
}

function ofNobody(key: ProcessKey, turn: Turn): readonly Finding[] {
  if (isLive(turn)) return [orphan(key, null, `${key} lives, and nobody knows its task`, true)]
  return [finding('unknown-turn', { subject: key, what: `${key} is of a task that nobody knows` })]
}

interface Process {
  readonly key: ProcessKey
  readonly turn: Turn
  readonly told: ToldByKey
}

function ofTask({ queue }: Examined, id: TaskId, { key, turn, told }: Process): readonly Finding[] {
  if (!isLive(turn)) return []
  const state = queue?.records.get(id)?.state
  const owner = state?.run.owner ?? null
  const isSafe = owner === null || queue?.liveOwners.has(owner) === false
  const past = state === undefined ? null : outlivedBy(key, id, state)
  if (past !== null) return [orphan(key, id, `${key} lives, and ${past}`, isSafe)]
  const { attempt, turn: number } = state?.run ?? { attempt: 0, turn: 0 }
  if (told.of !== 'turn' || !isSafe || (told.attempt - attempt || told.turn - number) <= 0) return []
  const what = `${key} lives, and ${id} is at attempt ${attempt}, turn ${number}`
  return [finding('unrecorded-turn', { task: id, subject: key, what })]
}

/** What a living orchestrator has is left to it. */
function orphan(key: ProcessKey, task: TaskId | null, what: string, isSafe: boolean): Finding {
  const mend = isSafe ? ({ do: 'stop', key } as const) : null
  return finding('orphan-process', { task, subject: key, what, mend, ...(isSafe ? {} : { needs: 'nobody' as const }) })
}
