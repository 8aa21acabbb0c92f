import { nameOf, opposite, type Place, type Row, rowOf, type Side, type Stroke, sides, step } from './grid.ts'

/** Tasks that lines lead from and to; where they begin, counted from 0. */
export interface Drawn {
  readonly row: number
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** So many blanks may stand between a line and the name that it leads to on its side. */
const widestGap = 2

interface Drawing {
  readonly strokes: ReadonlyMap<string, Place & Stroke>
  /** Place → task. A box with a task in it is that task everywhere. */
  readonly names: ReadonlyMap<string, string>
}

/**
 * The lines of a drawing, each with all that hangs together with it: who stands where one begins comes before everybody that an arrow of it leads
 * to. Lines without an arrow lead down and to the right, as one reads.
 *
 * @param taskOf the task that a word names; null for any other
 */
export function linesDrawn(text: readonly string[], taskOf: (word: string) => string | null): readonly Drawn[] {
  const drawing = drawingOf(text, taskOf)
  const seen = new Set<string>()
  const found: Drawn[] = []
  for (const [name, place] of drawing.strokes) {
    if (seen.has(name)) continue
    const ends = endsFrom(place, drawing, seen)
    const isPointed = ends.some(({ pointed }) => pointed)
    const isTarget = ({ pointed, side }: End): boolean => (isPointed ? pointed : side === 'down' || side === 'right')
    const tasks = (which: readonly End[]): readonly string[] => [...new Set(which.map(({ task }) => task))]
    const from = tasks(ends.filter((end) => !isTarget(end)))
    found.push({ row: place.row, from, to: tasks(ends.filter(isTarget)) })
  }
  return found
}

interface End {
  readonly task: string
  readonly side: Side
  readonly pointed: boolean
}

/** Where the line at `start` ends, with all its branches. */
function endsFrom(start: Place, { strokes, names }: Drawing, seen: Set<string>): readonly End[] {
  const ends: End[] = []
  const waiting = [start]
  seen.add(nameOf(start))
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const stroke = strokes.get(nameOf(place))
    if (stroke === undefined) continue
    for (const side of sides) {
      const next = step(place, side)
      const other = strokes.get(nameOf(next))
      const reaches = reachesTo(stroke, side)
      if (other === undefined) {
        const task = reaches ? taskBeside(next, side, names) : null
        if (task !== null) ends.push({ task, side, pointed: stroke.head === side })
      } else if ((reaches || reachesTo(other, opposite[side])) && !seen.has(nameOf(next))) {
        // One that is open to the other is enough: `┴` is drawn where `┼` is meant.
        seen.add(nameOf(next))
        waiting.push(next)
      }
    }
  }
  return ends
}

function reachesTo({ arms, head }: Stroke, side: Side): boolean {
  return head === side || arms.includes(side)
}

/** People draw by hand: a name may be some blanks away, or one column beside. */
function taskBeside(place: Place, side: Side, names: ReadonlyMap<string, string>): string | null {
  const isLevel = side === 'left' || side === 'right'
  const near = isLevel
    ? Array.from({ length: widestGap + 1 }, (_, by) => step(place, side, by))
    : [place, step(place, 'left'), step(place, 'right')]
  return near.map((each) => names.get(nameOf(each))).find((task) => task !== undefined) ?? null
}

function drawingOf(text: readonly string[], taskOf: (word: string) => string | null): Drawing {
  const rows = text.map(rowOf)
  const strokes = new Map<string, Place & Stroke>()
  const names = new Map<string, string>()
  for (const [row, { strokes: found, words }] of rows.entries()) {
    for (const [column, stroke] of found) strokes.set(nameOf({ row, column }), { row, column, ...stroke })
    for (const { from, to, task } of namesIn(words, taskOf))
      for (let column = from; column < to; column += 1) names.set(nameOf({ row, column }), task)
  }
  for (const box of boxesIn(rows)) {
    const places = placesIn(box)
    const inside = new Set(places.flatMap((place) => names.get(nameOf(place)) ?? []))
    const [task, ...more] = inside
    // One with several tasks in it is a frame.
    if (task === undefined || more.length > 0) continue
    for (const place of places) {
      strokes.delete(nameOf(place))
      names.set(nameOf(place), task)
    }
  }
  return { strokes, names }
}

/** A task's name goes on for as long as there is one blank between its words. */
function namesIn(
  words: Row['words'],
  taskOf: (word: string) => string | null,
): readonly { readonly from: number; readonly to: number; readonly task: string }[] {
  const found: { from: number; to: number; task: string }[] = []
  for (const { text, column } of words) {
    const task = taskOf(text)
    const last = found.at(-1)
    if (task !== null) found.push({ from: column, to: column + text.length, task })
    else if (last !== undefined && column - last.to <= 1) last.to = column + text.length
  }
  return found
}

interface Box {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

function boxesIn(rows: readonly Row[]): readonly Box[] {
  const at = (row: number, column: number): Stroke | undefined => rows[row]?.strokes.get(column)
  const opens = (row: number, column: number, ...arms: readonly Side[]): boolean =>
    arms.every((arm) => at(row, column)?.arms.includes(arm) === true)
  const found: Box[] = []
  for (const [top, { strokes }] of rows.entries()) {
    for (const left of strokes.keys()) {
      if (!isCorner(at(top, left), 'right', 'down')) continue
      let right = left + 1
      while (at(top, right) !== undefined && !isCorner(at(top, right), 'left', 'down')) right += 1
      let bottom = top + 1
      while (at(bottom, left) !== undefined && !isCorner(at(bottom, left), 'up', 'right')) bottom += 1
      if (opens(top, right, 'left', 'down') && opens(bottom, left, 'up', 'right') && opens(bottom, right, 'up', 'left'))
        found.push({ top, bottom, left, right })
    }
  }
  return found
}

/** It turns, and does not go on straight. */
function isCorner(stroke: Stroke | undefined, ...arms: readonly [Side, Side]): boolean {
  if (stroke === undefined || !arms.every((arm) => stroke.arms.includes(arm))) return false
  return stroke.arms.length === 2 || stroke.arms.length === 4
}

function placesIn({ top, bottom, left, right }: Box): readonly Place[] {
  return Array.from({ length: (bottom - top + 1) * (right - left + 1) }, (_, index) => ({
    row: top + Math.floor(index / (right - left + 1)),
    column: left + (index % (right - left + 1)),
  }))
}
