import type { Conflict, ConflictFile, ConflictLines, ConflictReport, TaskId } from '@orch/core'
import type { Look } from './look.ts'
import { plain } from './plain.ts'
import { count } from './status.ts'
import { displayWidth, fit, padEnd, padStart } from './width.ts'

/** Files of a conflict and planned conflicts that are listed; `--json` has more. */
const mostFiles = 5
const mostPlanned = 10
/** Columns of a piped matrix. */
const pipedWidth = 80

/** `orch conflicts`. */
export function conflictsText(report: ConflictReport, look: Look): string {
  const { compared, conflicts, planned, unseen } = report
  const met = conflicts.filter(({ when }) => when !== 'planned')
  const coming = conflicts.filter(({ when }) => when === 'planned')
  const lines = [...underWay(report, met, look), ...(unseen.length === 0 ? [] : [unseenText(unseen)])]
  if (coming.length > 0) {
    lines.push(look.style('bold', `Planned (${planned})`))
    for (const conflict of coming.slice(0, mostPlanned)) lines.push(plannedText(conflict))
    const rest = planned - Math.min(mostPlanned, coming.length)
    if (rest > 0) lines.push(`  … and ${rest} more`)
  }
  if (compared.length === 0 && lines.length === 0) return 'No change is under way, and no tasks write the same files.'
  return lines.map((line) => (look.width === null ? line : fit(line, look.width))).join('\n')
}

function underWay(report: ConflictReport, met: readonly Conflict[], look: Look): string[] {
  const { compared, target } = report
  if (compared.length === 0) return []
  const what = `${count(compared.length, 'change')} under way, compared with each other and with ${plain(target)}`
  if (met.length === 0) return [`${what}: all would merge.`]
  return [`${what}:`, ...matrix(report, met, look), ...met.flatMap((conflict) => conflictLines(conflict, target, look))]
}

function unseenText(unseen: readonly TaskId[]): string {
  return `It could not be seen what ${unseen.map(plain).join(', ')} ${unseen.length === 1 ? 'has' : 'have'} changed.`
}

/** Each change with those that go before it. Those that meet nobody have no line, and where it is too wide there is none at all. */
function matrix({ compared, target }: ConflictReport, met: readonly Conflict[], look: Look): string[] {
  const isMet = (id: TaskId): boolean => met.some((one) => one.task === id || one.with === id)
  const shown = compared.filter(isMet)
  const withTarget = met.some((one) => one.with === null)
  const columns: (TaskId | null)[] = [...(withTarget ? [null] : []), ...shown.slice(0, -1)]
  const titles = columns.map((id) => plain(id ?? target))
  const names = Math.max(...shown.map((id) => displayWidth(plain(id))))
  const width = names + titles.reduce((sum, title) => sum + 2 + displayWidth(title), 2)
  if (width > (look.width ?? pipedWidth)) return []
  const cell = (id: TaskId, other: TaskId | null): string => {
    if (other !== null && shown.indexOf(other) >= shown.indexOf(id)) return ''
    return met.some((one) => one.task === id && one.with === other) ? '≠' : '·'
  }
  const rows = shown.map((id) => {
    const cells = columns.map((other, index) => padStart(cell(id, other), displayWidth(titles[index] ?? '')))
    return `  ${padEnd(plain(id), names)}  ${cells.join('  ')}`.trimEnd()
  })
  return ['', look.style('dim', `  ${' '.repeat(names)}  ${titles.join('  ')}`), ...rows, '']
}

function conflictLines({ task, with: first, when, files }: Conflict, target: string, look: Look): string[] {
  const waits = when === 'landing' ? ', where it is to land' : ''
  const other = first === null ? `${plain(target)}${waits}` : `${plain(first)}, which goes first`
  const rest = files.length - mostFiles
  return [
    `${look.style('yellow', '≠')} ${plain(task)} with ${other}`,
    ...files.slice(0, mostFiles).map((file) => `    ${plain(file.path)}  ${whatOf(file)}`),
    ...(rest > 0 ? [`    … and ${count(rest, 'more file')}`] : []),
  ]
}

const words: Readonly<Record<ConflictFile['kind'], string>> = {
  scope: 'both may write it',
  content: 'both changed it',
  binary: 'both changed it, and it is no text',
  'both-added': 'both added it',
  'modify-delete': 'one changed it, the other took it away',
  rename: 'it, or its folder, was renamed',
  mode: 'both changed who may execute it',
  'file-folder': 'a file on one side, a folder on the other',
  'file-link': 'a file on one side, a link on the other',
  submodule: 'a submodule',
  other: 'git cannot merge it',
}

function whatOf({ kind, lines }: ConflictFile): string {
  if (lines.length === 0) return words[kind]
  const shown = lines.slice(0, 3).map(linesText)
  return `${words[kind]}: ${shown.join(', ')}${lines.length > 3 ? ', …' : ''}`
}

function linesText({ theirs: { from, count: many } }: ConflictLines): string {
  if (many === 0) return `before line ${from}`
  return many === 1 ? `line ${from}` : `lines ${from}–${from + many - 1}`
}

function plannedText({ task, with: first, files }: Conflict): string {
  const [file] = files
  const where = file === undefined ? 'patterns too large to compare' : `for example ${plain(file.path)}`
  return `  ${plain(task)} and ${plain(first ?? '')} may write the same files: ${where}`
}
