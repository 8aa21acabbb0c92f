import type { ProcessKey } from '../model/process-key.ts'
import type { TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import { bySlug, type Examined } from './examined.ts'
import { type Finding, finding } from './finding.ts'
import { isLive } from './liveness.ts'

/** Processes that no record tells of, or that of another attempt. */
export function diagnoseProcesses(examined: Examined): readonly Finding[] {
  const { queue, processes } = examined
  if (queue === null || !queue.complete || processes === null) return []
  const tasks = bySlug(examined)
  return [...processes].flatMap(([key, turn]) => {
    const told = parse(key)
    if (told === null || turn.is === 'never') return []
    const id = tasks.get(told.slug)
    return id === undefined ? ofNobody(key, turn) : ofTask(examined, id, { key, turn, ...told })
  })
}

function ofNobody(key: ProcessKey, turn: Turn): readonly Finding[] {
  if (isLive(turn)) return [orphan(key, null, `${key} lives, and nobody knows its task`, true)]
  return [finding('unknown-turn', { subject: key, what: `${key} is of a task that nobody knows` })]
}

interface Process {
  readonly key: ProcessKey
  readonly turn: Turn
  /** Null for checks. */
  readonly at: readonly [attempt: number, turn: number] | null
}

function ofTask({ queue }: Examined, id: TaskId, { key, turn, at }: Process): readonly Finding[] {
  if (!isLive(turn)) return []
  const state = queue?.records.get(id)?.state
  const owner = state?.run.owner ?? null
  const isSafe = owner === null || queue?.liveOwners.has(owner) === false
  if (state?.phase === 'closed') return [orphan(key, id, `${key} lives, and ${id} is closed`, true)]
  if (at === null) return []
  const now = [state?.run.attempt ?? 0, state?.run.turn ?? 0] as const
  const order = at[0] - now[0] || at[1] - now[1]
  const present = `${id} is at attempt ${now[0]}, turn ${now[1]}`
  if (order < 0) return [orphan(key, id, `${key} lives, and ${present}`, isSafe)]
  if (order > 0 && isSafe)
    return [finding('unrecorded-turn', { task: id, subject: key, what: `${key} lives, and ${present}` })]
  return []
}

/** What a living orchestrator has is left to it. */
function orphan(key: ProcessKey, task: TaskId | null, what: string, isSafe: boolean): Finding {
  const mend = isSafe ? ({ do: 'stop', key } as const) : null
  return finding('orphan-process', { task, subject: key, what, mend, ...(isSafe ? {} : { needs: 'nobody' as const }) })
}

function parse(key: ProcessKey): { readonly slug: string; readonly at: Process['at'] } | null {
  const turn = /^turn-([a-z0-9-]+)\.(\d+)\.(\d+)$/.exec(key)
  if (turn !== null) return { slug: turn[1] ?? '', at: [Number(turn[2]), Number(turn[3])] }
  const check = /^check-([a-z0-9-]+)\./.exec(key)
  return check === null ? null : { slug: check[1] ?? '', at: null }
}
