import type { StatusRow } from '@orch/core'
import { age } from './duration.ts'
import type { Format, Look } from './look.ts'
import { plain } from './plain.ts'
import { displayWidth, fit, padEnd, padStart } from './width.ts'

const statusWidth = 'REGISTERED'.length
const usualTitle = 25
const shortestTitle = 16

const marks: Partial<Record<StatusRow['status'], { mark: string; format: Format }>> = {
  registered: { mark: '[*]', format: 'cyan' },
  planning: { mark: '[*]', format: 'cyan' },
  working: { mark: '[*]', format: 'cyan' },
  stuck: { mark: '[!]', format: 'yellow' },
  complete: { mark: '[+]', format: 'green' },
}

/** The table of `orch status`. `now` in milliseconds since 1970. */
export function statusTable(rows: readonly StatusRow[], look: Look, now: number): string {
  if (rows.length === 0) return 'There are no tasks. Add some: orch add tasks.yaml'
  const active = rows.filter((row) => row.status in marks)
  const waiting = rows.filter((row) => row.status === 'waiting')
  const done = rows.filter((row) => row.status === 'merged' || row.status === 'cancelled')
  return [
    ...section('Active', active.length, activeLines(active, look, now), look),
    ...section('Waiting', waiting.length, waitingLines(waiting, look), look),
    ...section('Done', done.length, doneLines(done, look, now), look),
  ].join('\n')
}

function section(name: string, count: number, lines: readonly string[], look: Look): string[] {
  return count === 0 ? [] : [look.style('bold', `${name} (${count})`), ...lines]
}

function activeLines(rows: readonly StatusRow[], look: Look, now: number): string[] {
  const ids = idWidth(rows)
  const ages = Math.max(3, ...rows.map((row) => since(row, now).length))
  const details = rows.map(detailOf)
  const before = `  [*] ${' '.repeat(ids)}  ${' '.repeat(statusWidth)} ${' '.repeat(ages)}  `.length
  const titles = titleWidth(rows, look, before, Math.max(0, ...details.map(displayWidth)))
  return rows.map((row, index) => {
    const { mark, format } = marks[row.status] ?? { mark: '[ ]', format: 'dim' }
    const id = padEnd(plain(row.id), ids)
    const status = look.style(format, padEnd(row.status.toUpperCase(), statusWidth))
    const title = padEnd(fit(plain(row.title), titles), titles)
    const detail = details[index] ?? ''
    const room = look.width === null ? Number.POSITIVE_INFINITY : look.width - before - titles - 2
    const shown = fit(detail, room)
    return `  ${look.style(format, mark)} ${id}  ${status} ${padStart(since(row, now), ages)}  ${title}  ${shown}`.trimEnd()
  })
}

function waitingLines(rows: readonly StatusRow[], look: Look): string[] {
  const ids = idWidth(rows)
  return rows.map((row) => {
    const line = `  ${padEnd(plain(row.id), ids)}  ${plain(row.waits ?? 'starts next')}`
    return look.width === null ? line : fit(line, look.width)
  })
}

function doneLines(rows: readonly StatusRow[], look: Look, now: number): string[] {
  const ids = idWidth(rows)
  const ages = Math.max(3, ...rows.map((row) => since(row, now).length))
  return rows.map((row) => {
    const remark = row.outcome === 'no-changes' ? ' (nothing had to change)' : ''
    const status = padEnd(row.status.toUpperCase(), statusWidth)
    const line = `  ${padEnd(plain(row.id), ids)}  ${status} ${padStart(since(row, now), ages)}  ${plain(row.title)}${remark}`
    return look.style('dim', look.width === null ? line : fit(line, look.width))
  })
}

function idWidth(rows: readonly StatusRow[]): number {
  return Math.max(0, ...rows.map((row) => displayWidth(plain(row.id))))
}

/** How long it has been where it is. */
function since(row: StatusRow, now: number): string {
  return age(row.movedAt ?? row.startedAt, now)
}

/** On a terminal that is too narrow the titles give way to the details, but not beyond recognition. */
function titleWidth(rows: readonly StatusRow[], look: Look, before: number, details: number): number {
  const longest = Math.max(0, ...rows.map((row) => displayWidth(plain(row.title))))
  const wanted = Math.max(usualTitle, longest)
  if (look.width === null) return wanted
  return Math.min(wanted, Math.max(shortestTitle, look.width - before - 2 - details))
}

function detailOf(row: StatusRow): string {
  const changes = changesOf(row)
  switch (row.status) {
    case 'stuck':
      return stuckText(row)
    case 'complete':
      return [plain(row.waits ?? changes), ...outsideOf(row)].join('; ')
    default:
      return [changes === '' ? plain(row.waits ?? '') : changes, ...outsideOf(row)].join('; ')
  }
}

/** Files that a line can hold. */
const mostFiles = 5

/** What a change holds beside its scope, the first few files; nothing when it keeps to that. */
export function outsideOf({ outside }: Pick<StatusRow, 'outside'>): string[] {
  const more = outside.length - mostFiles
  const files = outside.slice(0, mostFiles).map(plain).join(', ')
  return outside.length === 0 ? [] : [`outside its scope: ${files}${more > 0 ? ` and ${more} more` : ''}`]
}

/** `token refresh: sliding expiration | fixed expiration`. */
export function stuckText(row: Pick<StatusRow, 'stuckReason' | 'options'>): string {
  const reason = plain(row.stuckReason ?? 'needs a decision')
  return row.options.length === 0 ? reason : `${reason}: ${row.options.map(plain).join(' | ')}`
}

/** `3 files +42 −5`, or nothing when it is not known or nothing changed. */
export function changesOf(row: Pick<StatusRow, 'filesChanged' | 'insertions' | 'deletions'>): string {
  if (row.filesChanged === null || row.filesChanged === 0) return ''
  return `${count(row.filesChanged, 'file')} +${row.insertions ?? 0} −${row.deletions ?? 0}`
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
