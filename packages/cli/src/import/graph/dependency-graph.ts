import { arrowReader } from './arrows.ts'
import { linesDrawn } from './drawn.ts'
import { isDrawing } from './grid.ts'

interface Numbered {
  readonly number: string
  readonly dependsOn: readonly string[]
}

interface Reading {
  /** Takes the letters away that numbers of tasks begin with. */
  readonly plain: (text: string) => string
  readonly say: (line: number, why: string) => void
}

/** That `after` waits for `before`, and the line that says so, from 1. */
interface Edge {
  readonly before: string
  readonly after: string
  readonly line: number
}

/** The tasks with what the graph of the document says beyond their table: drawn with lines, or written with arrows, as in Mermaid. */
export function withGraph<Task extends Numbered>(
  tasks: readonly Task[],
  lines: readonly string[],
  reading: Reading,
): readonly Task[] {
  const byValue = new Map(tasks.map(({ number }) => [Number(number), number]))
  const taskOf = (word: string): string | null =>
    byValue.get(Number(/^[^\p{L}\d]*(\d+)/u.exec(reading.plain(word))?.[1] ?? Number.NaN)) ?? null
  const waits = new Map(tasks.map(({ number, dependsOn }) => [number, new Set(dependsOn)]))
  for (const part of partsIn(lines)) {
    const edges = isDrawn(part.text) ? edgesDrawn(part, taskOf, reading) : edgesWritten(part, taskOf, reading)
    for (const { before, after, line } of edges) {
      if (before === after) continue
      if (isAfter(before, after, waits))
        reading.say(line, `${after} would wait for ${before}, which waits for ${after}: what was said first counts`)
      else waits.get(after)?.add(before)
    }
  }
  const inOrder = (of: Task): readonly string[] => {
    const more = tasks.map(({ number }) => number).filter((number) => !of.dependsOn.includes(number))
    return [...of.dependsOn, ...more.filter((number) => waits.get(of.number)?.has(number))]
  }
  return tasks.map((task) => ({ ...task, dependsOn: inOrder(task) }))
}

interface Part {
  readonly text: readonly string[]
  /** Of its first line, from 0. */
  readonly at: number
}

/** The blocks of code below a heading that names a graph, and the lines between them. */
function partsIn(lines: readonly string[]): readonly Part[] {
  const start = lines.findIndex((line) => /^##+ .*\b(graph|dependenc)/i.test(line))
  if (start === -1) return []
  const parts: { text: string[]; at: number }[] = [{ text: [], at: start + 1 }]
  let isCode = false
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (/^##? /.test(line)) break
    if (/^\s*(```|~~~)/.test(line)) {
      isCode = !isCode
      parts.push({ text: [], at: at + 1 })
    } else parts.at(-1)?.text.push(isCode || !line.trim().startsWith('|') ? line : '')
  }
  return parts
}

/** With lines from one row to another, or of characters that are nothing else. */
function isDrawn(text: readonly string[]): boolean {
  return text.some((line) => isDrawing.test(line) || /^[\s|+v^\\/-]*[|v^][\s|+v^\\/-]*$/.test(line))
}

function edgesDrawn({ text, at }: Part, taskOf: (word: string) => string | null, { say }: Reading): readonly Edge[] {
  return linesDrawn(text, taskOf).flatMap(({ row, from, to }) => {
    const line = at + row + 1
    if (from.length > 0 && to.length > 0) return to.flatMap((after) => from.map((before) => ({ before, after, line })))
    const [task] = [...from, ...to]
    if (task !== undefined)
      say(line, `the line at ${task} leads ${from.length > 0 ? 'to' : 'from'} no task of the table: it was left out`)
    return []
  })
}

function edgesWritten({ text, at }: Part, taskOf: (word: string) => string | null, { say }: Reading): readonly Edge[] {
  const { read, resolve } = arrowReader(taskOf)
  const statements = text.map(read)
  return statements.flatMap((statement, index) => {
    if (statement === null) return []
    const line = at + index + 1
    const steps = statement.steps.map((names) => names.map(resolve))
    if (steps.some((step) => step.includes(null)))
      say(line, `\`${(text[index] ?? '').trim()}\` names a task that is not in the table`)
    return steps
      .slice(1)
      .flatMap((afters, place) =>
        afters.flatMap((after) =>
          (steps[place] ?? []).flatMap((before) =>
            before === null || after === null ? [] : [{ before, after, line }],
          ),
        ),
      )
  })
}

/** Whether `task` waits for `other`, however indirectly. */
function isAfter(task: string, other: string, waits: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set([task])
  for (const each of seen) {
    if (each === other) return true
    for (const next of waits.get(each) ?? []) seen.add(next)
  }
  return false
}
