import type { ScopeReport } from '@orch/core'
import type { Look } from './look.ts'
import { plain } from './plain.ts'
import { count } from './status.ts'
import { fit } from './width.ts'

/** Pairs, tasks and files of each that are named. */
const most = 3

/** How well tasks declared what they changed; nothing when none has landed. */
export function scopesText(report: ScopeReport | null, look: Look): string {
  if (report === null) return ''
  const { tasks, unknown, lost } = report
  const lines = tasks.length === 0 ? [] : scoreLines(report)
  if (unknown.length > 0)
    lines.push(['unknown', `${count(unknown.length, 'task')} declared no scope: ${some(unknown)}`])
  if (lost.length > 0) lines.push(['gone', `git no longer has what ${some(lost)} changed`])
  const title = look.style('bold', `Scopes of what has landed (${tasks.length + unknown.length + lost.length})`)
  const cut = (line: string) => (look.width === null ? line : fit(line, look.width))
  return [title, ...lines.map(([name, text]) => cut(`  ${name.padEnd('precision'.length)}  ${text}`.trimEnd()))].join(
    '\n',
  )
}

type Line = readonly [name: string, text: string]

function scoreLines({ tasks, precision, recall, needed, needless, missed }: ScopeReport): Line[] {
  const outside = tasks.filter((task) => task.outside.length > 0)
  const lines: Line[] = [
    ['precision', `${percent(precision)}  of the declared patterns, something in them was changed`],
    ['recall', `${percent(recall)}  of the changed files were declared`],
    ...outside.slice(0, most).map(({ id, outside: files }): Line => ['', `${plain(id)} declared no ${some(files)}`]),
  ]
  if (outside.length > most) lines.push(['', `… and ${count(outside.length - most, 'task')} more`])
  if (needed + needless.length > 0) {
    const apart = count(needed + needless.length, 'pair')
    lines.push(['cost', `${needless.length} of ${apart} kept apart for nothing${named(needless)}`])
  }
  if (missed.length > 0) {
    const changed = missed.length === 1 ? 'changes a common file' : 'change a common file'
    lines.push(['missed', `${count(missed.length, 'pair')} not kept apart ${changed}${named(missed)}`])
  }
  return lines
}

function percent(share: number | null): string {
  return share === null ? '   –' : `${Math.round(share * 100)} %`.padStart(5)
}

function named(pairs: readonly (readonly [string, string])[]): string {
  return pairs.length === 0 ? '' : `: ${some(pairs.map((pair) => pair.join(' + ')))}`
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, most).map(plain).join(', ')
  return names.length > most ? `${shown}, … and ${names.length - most} more` : shown
}
