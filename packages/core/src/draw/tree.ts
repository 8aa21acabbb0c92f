import { columns, cut, fill, oneLine } from '../plan/columns.ts'
import type { Arrow, Box, Picture } from './picture.ts'
import { headline, timeOf } from './texts.ts'

export interface TreeOptions {
  /** Columns. Default 80. */
  readonly width?: number
  /** Terminal colours. Default false. */
  readonly color?: boolean
}

const narrowest = 40
const branches = { order: ['├── ', '└── '], conflict: ['├╌╌ ', '└╌╌ '], capacity: ['├·· ', '└·· '] } as const

interface Branch {
  readonly number: number
  /** What stands before it, and before what is below it. */
  readonly lead: string
  readonly below: string
  readonly depth: number
}

/**
 * The graph as a tree for a terminal: each task below the last that it waits for, what else it needs behind it. A branch that
 * grows too deep goes on as a tree of its own. Without recursion: chains can be long.
 */
export function toText({ boxes, arrows, plan }: Picture, { width = 80, color = false }: TreeOptions = {}): string {
  if (boxes.length === 0) return 'Nothing to draw: no task is open'
  const room = Math.max(narrowest, Math.floor(width))
  const deepest = Math.floor((room * 0.4) / 4)
  const paint = (code: number, text: string) =>
    color && code > 0 && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text

  const parents = new Map(arrows.toReversed().map((arrow) => [arrow.to, arrow]))
  const children = grouped(
    arrows.filter((arrow) => parents.get(arrow.to) === arrow),
    (arrow) => arrow.from,
  )
  const others = grouped(
    arrows.filter((arrow) => parents.get(arrow.to) !== arrow),
    (arrow) => arrow.to,
  )
  const lines = [paint(1, cut(headline(plan), room)), '']
  const trees = [...boxes.keys()].filter((number) => !parents.has(number))
  for (const root of trees) {
    const stack: Branch[] = [{ number: root, lead: '', below: '', depth: 0 }]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const box = boxes[at.number]
      if (box === undefined) continue
      const kids = children.get(at.number) ?? []
      const breaks = kids.length > 0 && at.depth >= deepest
      const again = at.depth === 0 ? parents.get(at.number) : undefined
      const besides = [...(again === undefined ? [] : [again]), ...(others.get(at.number) ?? [])]
      const notes = [...(breaks ? ['goes on below'] : []), ...notesOf(box, parents.get(at.number), besides, boxes)]
      lines.push(...rowOf(box, at, notes, room, paint))
      if (breaks) trees.push(...kids.map((kid) => kid.to))
      else stack.push(...kids.map((kid, index) => branchOf(kid, index === kids.length - 1, at)).reverse())
    }
  }
  lines.push('', ...legend(arrows, boxes).map((text) => paint(2, cut(text, room))))
  return lines.map((text) => text.trimEnd()).join('\n')
}

function grouped(arrows: readonly Arrow[], by: (arrow: Arrow) => number): ReadonlyMap<number, readonly Arrow[]> {
  const groups = new Map<number, Arrow[]>()
  for (const arrow of arrows) {
    const group = groups.get(by(arrow))
    if (group === undefined) groups.set(by(arrow), [arrow])
    else group.push(arrow)
  }
  return groups
}

function branchOf(arrow: Arrow, last: boolean, above: Branch): Branch {
  const lead = above.below + branches[arrow.sort][last ? 1 : 0]
  return { number: arrow.to, lead, below: above.below + (last ? '    ' : '│   '), depth: above.depth + 1 }
}

/** The task, its time at the right end, and below it what did not fit beside it. */
function rowOf(
  box: Box,
  { lead, below }: Branch,
  notes: readonly string[],
  room: number,
  paint: (code: number, text: string) => string,
): string[] {
  const time = timeOf(box)
  const mark = box.critical ? '*' : ' '
  const space = room - columns(lead) - 3 - time.length
  const name = oneLine(box.title === box.id ? box.id : `${box.id}  ${box.title}`)
  const first = `${paint(1, mark)} ${paint(2, lead)}${paint(box.critical ? 1 : 0, fill(name, space))} ${paint(2, time)}`
  const note = notes.map(oneLine).join('; ')
  return note === '' ? [first] : [first, paint(2, cut(`  ${below}  ${note}`, room))]
}

function notesOf(box: Box, parent: Arrow | undefined, besides: readonly Arrow[], boxes: readonly Box[]): string[] {
  const notes: string[] = box.kind === 'change' ? [] : [kinds[box.kind]]
  if (box.hold) notes.push('on hold')
  const about = parent?.about
  if (about !== undefined && about !== null) notes.push(`${abouts[parent?.for ?? ''] ?? 'for'} ${about}`)
  const ids = besides.flatMap((arrow) => boxes[arrow.from]?.id ?? [])
  if (ids.length > 0)
    notes.push(`after ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`)
  if (box.batch === null) notes.push(box.waits[0]?.says ?? 'never starts')
  return notes
}

const abouts: Readonly<Record<string, string>> = {
  overlap: 'both write',
  reads: 'one reads, the other writes',
  'shared-file': 'one at a time writes',
  pattern: 'follows',
  agents: 'only',
  limit: 'only so many of',
}
const kinds = { read: 'reads only', sync: 'sync point', manual: 'a person does it' }

function legend(arrows: readonly Arrow[], boxes: readonly Box[]): string[] {
  const has = (sort: Arrow['sort']) => arrows.some((arrow) => arrow.sort === sort)
  return [
    ...(boxes.some((box) => box.critical) ? ['*   critical path'] : []),
    ...(has('order') ? ['──  has to be done before'] : []),
    ...(has('conflict') ? ['╌╌  may not run beside it'] : []),
    ...(has('capacity') ? ['··  gives its seat to it'] : []),
  ]
}
