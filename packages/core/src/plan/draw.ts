import { axisOf, columnOf } from './axis.ts'
import { columns, cut, fill, wrap } from './columns.ts'
import { sayBound, sayWait } from './explain.ts'
import type { Batch, Plan, PlannedTask, PlanWarning, Wait } from './plan.ts'

export interface DrawOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Terminal colours. Default false. */
  readonly color?: boolean
  /** Tasks that are listed, and fewer of every other list; the rest is counted. Default: everything. */
  readonly most?: number
  /** Said behind each count of what was left out: how to see it. */
  readonly hint?: string
}

const narrowest = 40
/** Ids in one list before it is cut short, and where not everything is listed. */
const mostIds = 200
const fewIds = 12
const fewWarnings = 5
/** Bars that can be seen with the time above them; below more, the time stands again. */
const oneScreen = 24

type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'cyan', text: string) => string
const codes = { bold: 1, dim: 2, red: 31, yellow: 33, cyan: 36 }

/** The plan as a picture for a terminal: a bar for each task, `*` along the critical path, and why each waits. */
export function drawPlan(
  plan: Plan,
  { width, color = false, most = Number.POSITIVE_INFINITY, hint }: DrawOptions,
): string {
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

  const scale = room - label - 14
  const row = (task: PlannedTask): string[] => {
    const hot = critical.has(task.id)
    const bar = barOf(task, plan.makespan, scale)
    const time = cut(timeOf(task), 11)
    const first = `${hot ? paint('red', '*') : ' '} ${fill(labelOf(task), label)} ${paint(hot ? 'red' : 'cyan', bar)}${paint('dim', time.padStart(11))}`
    const waits = told(task.waits).flatMap((wait) => wrap(sayWait(wait), room - 4, '  '))
    return [first, ...waits.map((line) => paint('dim', `    ${line}`))]
  }
  const axis = axisOf(plan.makespan, scale)
  const axisLine = axis === '' ? [] : [paint('dim', `${' '.repeat(label + 3)}${axis}`)]
  const rest = (count: number, what: string) => `… and ${count} more${what}${hint === undefined ? '' : `, ${hint}`}`
  if (axis !== '') lines.push('', ...axisLine)

  let listed = 0
  for (const [index, batch] of plan.batches.entries()) {
    const ids = batch.tasks.slice(0, most - listed)
    if (ids.length === 0) break
    // The axis is the line above the first one.
    if (index > 0 || axis === '') lines.push('')
    lines.push(...titleOf(batch, room).map((line) => paint('bold', line)))
    for (const id of ids) lines.push(...row(byId.get(id) ?? unknown(id)))
    listed += ids.length
  }
  const never = plan.tasks.filter((task) => task.batch === '')
  const unseen = plan.tasks.length - never.length - listed
  if (unseen > 0) lines.push('', paint('dim', cut(rest(unseen, ''), room)))
  if (listed > oneScreen) lines.push(...axisLine)
  if (never.length > 0) {
    lines.push('', paint('bold', 'Never'), ...never.slice(0, most).flatMap(row))
    if (never.length > most) lines.push(paint('dim', cut(rest(never.length - most, ''), room)))
  }

  const all = plan.tasks.length <= most
  const chain = (ids: readonly string[]): string => {
    const shown = all ? mostIds : fewIds
    const links = ids.slice(0, shown).map((id) => cut(id, room - 6))
    // An arrow stays with what it leads to.
    return [...links, ...(ids.length > shown ? [`… and ${ids.length - shown} more`] : [])].join(' →\u00a0')
  }
  lines.push('')
  if (plan.tasks.length > 1) lines.push(...wrap(`* critical path: ${chain(plan.criticalPath)}`, room, '  '))
  if (plan.mergeOrder.length > 0) lines.push(...wrap(`Merge order: ${chain(plan.mergeOrder)}`, room, '  '))
  const silent = plan.warnings.filter((warning) => warning.code === 'unknown-scope')
  const asOne = silent.length > 1
  const others = asOne ? plan.warnings.filter((warning) => warning.code !== 'unknown-scope') : plan.warnings
  const warnings = all ? others : others.slice(0, fewWarnings)
  const messages = warnings.map((warning) => warning.message)
  if (asOne) messages.unshift(silentText(silent, all ? mostIds : fewIds))
  for (const message of messages) {
    lines.push(...wrap(`Warning: ${message}`, room, '  ').map((line) => paint('yellow', line)))
  }
  const quiet = others.length - warnings.length
  if (quiet > 0) lines.push(paint('yellow', cut(rest(quiet, quiet === 1 ? ' warning' : ' warnings'), room)))
  lines.push(...wrap(`Recommendation: ${advice[plan.recommendation.mode]} (${plan.recommendation.reason})`, room, '  '))
  return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
}

const advice = { direct: 'do it directly', single: 'one agent', parallel: 'agents side by side' }
function headline(plan: Plan): string {
  const { length } = plan.tasks
  const count = `${length} ${length === 1 ? 'task' : 'tasks'}`
  const agents = `${plan.maxAgents} ${plan.maxAgents === 1 ? 'agent' : 'agents'}`
  return `${count}, ${minutes(plan.makespan)} min with ${agents}; at least ${minutes(plan.lowerBound.minutes)} min by ${sayBound(plan.lowerBound)}`
}

function silentText(warnings: readonly PlanWarning[], most: number): string {
  const ids = warnings.slice(0, most).map((warning) => warning.task)
  const more = warnings.length > most ? `, … and ${warnings.length - most} more` : ''
  return `${warnings.length} tasks do not say what they write and may run beside others that write the same files: ${ids.join(', ')}${more}`
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
  const scale = (time: number) => columnOf(time, makespan, width)
  const start = Math.min(scale(task.start), width - 1)
  const length = Math.max(1, Math.min(scale(task.end), width) - start)
  const mark = task.end > task.start ? '█'.repeat(length) : '◆'
  return fill(`${' '.repeat(start)}${mark}`, width)
}

/** At most one digit after the point. */
function minutes(time: number): string {
  return String(Math.round(time * 10) / 10)
}

/** What takes no time happens at one. */
function timeOf({ start, end }: PlannedTask): string {
  return end > start ? `${minutes(start)}–${minutes(end)}` : minutes(start)
}

function unknown(id: string): PlannedTask {
  return { id, title: id, start: 0, end: 0, batch: '', waits: [] }
}
