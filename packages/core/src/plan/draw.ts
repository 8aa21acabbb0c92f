import { columns, cut, fill, wrap } from './columns.ts'
import { sayBound, sayWait } from './explain.ts'
import type { Batch, Plan, PlannedTask, Wait } from './plan.ts'

export interface DrawOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Terminal colours. Default false. */
  readonly color?: boolean
}

const narrowest = 40
/** Ids in one list before it is cut short. */
const mostIds = 200

type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'cyan', text: string) => string
const codes = { bold: 1, dim: 2, red: 31, yellow: 33, cyan: 36 }

/** The plan as a picture for a terminal: a bar for each task, `*` along the critical path, and why each waits. */
export function drawPlan(plan: Plan, { width, color = false }: DrawOptions): string {
  if (plan.tasks.length === 0) return 'Nothing to plan: no task is open'
  const room = Math.max(narrowest, Math.floor(width))
  const paint: Paint = (style, text) => (color && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
  const lines = [...wrap(headline(plan), room, '  ').map((line) => paint('bold', line))]
  const byId = new Map(plan.tasks.map((task) => [task.id, task]))
  const critical = new Set(plan.criticalPath)
  const label = Math.min(
    Math.floor(room * 0.45),
    Math.max(8, ...plan.tasks.slice(0, 5000).map((task) => columns(labelOf(task)))),
  )

  const row = (task: PlannedTask): string[] => {
    const hot = critical.has(task.id)
    const bar = barOf(task, plan.makespan, room - label - 14)
    const time = cut(`${minutes(task.start)}–${minutes(task.end)}`, 11)
    const first = `${hot ? paint('red', '*') : ' '} ${fill(labelOf(task), label)} ${paint(hot ? 'red' : 'cyan', bar)}${paint('dim', time.padStart(11))}`
    const waits = told(task.waits).flatMap((wait) => wrap(sayWait(wait), room - 4, '  '))
    return [first, ...waits.map((line) => paint('dim', `    ${line}`))]
  }
  for (const batch of plan.batches) {
    lines.push('', ...titleOf(batch, room).map((line) => paint('bold', line)))
    for (const id of batch.tasks) lines.push(...row(byId.get(id) ?? unknown(id)))
  }
  const never = plan.tasks.filter((task) => task.batch === '')
  if (never.length > 0) lines.push('', paint('bold', 'Never'), ...never.flatMap(row))

  lines.push('')
  if (plan.criticalPath.length > 1) lines.push(...wrap(`* critical path: ${chain(plan.criticalPath)}`, room, '  '))
  if (plan.mergeOrder.length > 0) lines.push(...wrap(`Merge order: ${chain(plan.mergeOrder)}`, room, '  '))
  for (const warning of plan.warnings) {
    lines.push(...wrap(`Warning: ${warning.message}`, room, '  ').map((line) => paint('yellow', line)))
  }
  lines.push(...wrap(`Recommendation: ${advice[plan.recommendation.mode]} (${plan.recommendation.reason})`, room, '  '))
  return lines.map((line) => line.trimEnd()).join('\n')
}

const advice = { direct: 'do it directly', single: 'one agent', parallel: 'agents side by side' }
function headline(plan: Plan): string {
  const { length } = plan.tasks
  const count = `${length} ${length === 1 ? 'task' : 'tasks'}`
  const agents = `${plan.maxAgents} ${plan.maxAgents === 1 ? 'agent' : 'agents'}`
  return `${count}, ${minutes(plan.makespan)} min with ${agents}; at least ${minutes(plan.lowerBound.minutes)} min by ${sayBound(plan.lowerBound)}`
}

function titleOf(batch: Batch, room: number): string[] {
  return wrap(`Batch ${batch.name}: ${batch.reason}`, room, '  ')
}

function labelOf(task: PlannedTask): string {
  return task.title === task.id ? cut(task.id, 200) : cut(`${task.id} ${task.title}`, 200)
}

/** The wait that binds, and those that a person can end. */
function told(waits: readonly Wait[]): readonly Wait[] {
  return waits.filter((wait, index) => index === 0 || wait.for === 'hold' || wait.for === 'person')
}

/** A bar on a scale of `width` columns; something that takes no time is a mark. */
function barOf(task: PlannedTask, makespan: number, width: number): string {
  if (width < 1) return ''
  const scale = (time: number) => (makespan > 0 ? Math.round((time / makespan) * width) : 0)
  const start = Math.min(scale(task.start), width - 1)
  const length = Math.max(1, Math.min(scale(task.end), width) - start)
  const mark = task.end > task.start ? '█'.repeat(length) : '◆'
  return fill(`${' '.repeat(start)}${mark}`, width)
}

/** At most one digit after the point. */
function minutes(time: number): string {
  return String(Math.round(time * 10) / 10)
}

function chain(ids: readonly string[]): string {
  const more = ids.length > mostIds ? [`… and ${ids.length - mostIds} more`] : []
  return [...ids.slice(0, mostIds), ...more].join(' → ')
}

function unknown(id: string): PlannedTask {
  return { id, title: id, start: 0, end: 0, batch: '', waits: [] }
}
