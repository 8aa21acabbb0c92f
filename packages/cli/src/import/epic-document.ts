import { withGraph } from './graph/dependency-graph.ts'
import { type TableRow, tableIn } from './markdown-table.ts'

/** Something in a file that was not taken over, and why. */
export interface NotUnderstood {
  /** As the folder was named, and from there. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly why: string
}

export interface EpicTask {
  /** As the table has it: `001`. */
  readonly number: string
  readonly title: string
  readonly description: string
  /** Numbers of the same table. */
  readonly dependsOn: readonly string[]
  readonly state: 'open' | 'done' | 'cancelled'
  readonly line: number
}

export interface EpicDocument {
  readonly title: string
  readonly goal: string
  readonly tasks: readonly EpicTask[]
  readonly notUnderstood: readonly NotUnderstood[]
}

const done = /^(done|complete|completed|finished|merged|closed|landed|✅|✓|☑|\[x\])/i
const cancelled = /^(cancelled|canceled|dropped|obsolete|won'?t do|wontfix|❌)/i
const none = /^(|none|n\/a|no|nothing|-+|–|—)$/i

/** Reads an epic that was written for people: its title, its goal, and its table of tasks. Null: the text is no epic. */
export function readEpic(file: string, text: string): EpicDocument | null {
  const lines = text.split(/\r\n|\n/)
  const title = lines.map((line) => /^# +(?:Epic: *)?(.*\S)/i.exec(line)?.[1]).find((found) => found !== undefined)
  const table = tableIn(lines, (head) => columnOf(head, number) !== -1 && columnOf(head, name) !== -1)
  if (title === undefined || table === null) return null
  const notUnderstood: NotUnderstood[] = []
  const say = (line: number, why: string): void => void notUnderstood.push({ file, line, why })

  const { head } = table
  const plain = withoutPrefix(table.rows.map(({ cells }) => cells[columnOf(head, number)] ?? ''))
  const tasks = new Map<string, EpicTask>()
  for (const row of table.rows) {
    const task = taskOf(row, head, plain, say)
    if (task === null) continue
    if (tasks.has(task.number)) say(row.line, `${task.number} stands in the table twice; the first counts`)
    else tasks.set(task.number, task)
  }
  const known = withKnownOnly([...tasks.values()], say)
  return {
    title,
    goal: sectionOf(lines, /^##+ +(goal|goals|objective)\b/i),
    tasks: withGraph(known, lines, { plain, say }),
    notUnderstood,
  }
}

/** Takes the letters away that numbers of tasks begin with, as in `T1` or `TASK-001`. */
function withoutPrefix(ids: readonly string[]): (text: string) => string {
  const prefix = ids.map((id) => /^[^\w]*([a-z]+-?)\d/i.exec(id)?.[1]).find((found) => found !== undefined)
  const before = prefix === undefined ? null : new RegExp(`\\b${prefix}(?=\\d)`, 'gi')
  return (text) => (before === null ? text : text.replace(before, ''))
}

const number = /^(#|no\.?|nr\.?|id|number)$/i
const name = /^(task|title|name)$/i

function columnOf(head: readonly string[], what: RegExp): number {
  return head.findIndex((cell) => what.test(cell))
}

function taskOf(
  { cells, line }: TableRow,
  head: readonly string[],
  plain: (text: string) => string,
  say: (line: number, why: string) => void,
): EpicTask | null {
  if (cells.length !== head.length) {
    say(line, `the row has ${cells.length} cells, and the table ${head.length} columns`)
    return null
  }
  const cell = (what: RegExp): string => cells[columnOf(head, what)] ?? ''
  const own = cell(number)
  const found = /\d+/.exec(own)?.[0]
  const title = bare(cell(name))
  if (found === undefined || title === '') {
    say(line, found === undefined ? `\`${own}\` is no number of a task` : `task ${found} has no name`)
    return null
  }
  return {
    number: found,
    title,
    description: bare(cell(/^(description|what|details|summary)$/i)),
    dependsOn: numbersIn(plain(cell(/^(depend\w*|depends on|after|blocked by|needs)$/i)), found, line, say),
    state: stateOf(cell(/^(status|state|done)$/i), own, cell(name)),
    line,
  }
}

/** Struck out, ticked off, or said in a column of its own. */
function stateOf(status: string, ...cells: readonly string[]): EpicTask['state'] {
  const said = bare(status)
  if (cancelled.test(said)) return 'cancelled'
  const isTicked = cells.some((cell) => /^~~.*~~$/.test(cell.trim()) || /✅|☑|\[x\]/i.test(cell))
  return done.test(said) || isTicked ? 'done' : 'open'
}

/** `001, 002`, `001–003`, `Task 1 and 2`; anything else is said. */
function numbersIn(
  text: string,
  own: string,
  line: number,
  say: (line: number, why: string) => void,
): readonly string[] {
  const given = bare(text)
  if (none.test(given)) return []
  const numbers = given.replace(/(\d+) *(?:-|–|—|to|\.\.) *(\d+)/g, (_all, from: string, to: string) =>
    range(from, to).join(' '),
  )
  const rest = numbers
    .replace(/\d+[\w-]*/g, '')
    .replace(/\b(tasks?|and|all of)\b|[,;&+#.()]/gi, '')
    .trim()
  if (rest !== '') say(line, `\`${given}\` of task ${own}: \`${rest}\` names no task`)
  return [...new Set(numbers.match(/\d+/g) ?? [])].filter((other) => other !== own)
}

/** Written as widely as they are. */
function range(from: string, to: string): readonly string[] {
  const [first, last] = [Number(from), Number(to)]
  if (last < first || last - first > 1000) return [from, to]
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(from.length, '0'))
}

function withKnownOnly(tasks: readonly EpicTask[], say: (line: number, why: string) => void): readonly EpicTask[] {
  const byValue = new Map(tasks.map((task) => [Number(task.number), task.number]))
  return tasks.map((task) => {
    const dependsOn = task.dependsOn.flatMap((other) => {
      const known = byValue.get(Number(other))
      if (known === undefined) say(task.line, `task ${task.number} depends on ${other}, which is not in the table`)
      return known === undefined ? [] : [known]
    })
    return { ...task, dependsOn: [...new Set(dependsOn)] }
  })
}

function sectionOf(lines: readonly string[], heading: RegExp): string {
  const start = lines.findIndex((line) => heading.test(line))
  if (start === -1) return ''
  const end = lines.findIndex((line, at) => at > start && /^(#{1,2} |\|)/.test(line))
  return lines
    .slice(start + 1, end === -1 ? undefined : end)
    .join('\n')
    .trim()
}

/** Without the marks of Markdown round the whole. */
function bare(cell: string): string {
  return cell
    .replace(/^\[( |x)\] */i, '')
    .replace(/^(~~|\*\*|__|`)(.*)\1$/, '$2')
    .replace(/^\[([^\]]+)\]\([^)]*\)$/, '$1')
    .trim()
}
