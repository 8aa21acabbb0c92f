export type Side = 'up' | 'down' | 'left' | 'right'

/** One character of a drawing: where it is open to a line, and where it points as the head of an arrow. */
export interface Stroke {
  readonly arms: readonly Side[]
  readonly head: Side | null
}

export const sides: readonly Side[] = ['up', 'down', 'left', 'right']

export const opposite: Readonly<Record<Side, Side>> = { up: 'down', down: 'up', left: 'right', right: 'left' }

/** Row and column, from 0. */
export interface Place {
  readonly row: number
  readonly column: number
}

export function step({ row, column }: Place, side: Side, by = 1): Place {
  if (side === 'up') return { row: row - by, column }
  if (side === 'down') return { row: row + by, column }
  return { row, column: column + (side === 'left' ? -by : by) }
}

export function nameOf({ row, column }: Place): string {
  return `${row} ${column}`
}

const lines: readonly (readonly [string, readonly Side[]])[] = [
  ['─━═╌┄┈-=', ['left', 'right']],
  ['│┃║╎┆┊|', ['up', 'down']],
  ['┌╭╔┏', ['right', 'down']],
  ['┐╮╗┓', ['left', 'down']],
  ['└╰╚┗', ['up', 'right']],
  ['┘╯╝┛', ['up', 'left']],
  ['├╠┣', ['up', 'down', 'right']],
  ['┤╣┫', ['up', 'down', 'left']],
  ['┬╦┳', ['left', 'right', 'down']],
  ['┴╩┻', ['left', 'right', 'up']],
  ['┼╬╋+', ['up', 'down', 'left', 'right']],
]
const heads: readonly (readonly [string, Side])[] = [
  ['▼▽↓vV', 'down'],
  ['▲△↑^', 'up'],
  ['▶►▷→>', 'right'],
  ['◀◄◁←<', 'left'],
]

const strokes = new Map<string, Stroke>([
  ...lines.flatMap(([characters, arms]) =>
    [...characters].map((each): [string, Stroke] => [each, { arms, head: null }]),
  ),
  ...heads.flatMap(([characters, head]) =>
    [...characters].map((each): [string, Stroke] => [each, { arms: [opposite[head]], head }]),
  ),
])

/** The characters that are lines wherever they stand. */
export const isDrawing: RegExp = /[─-╿▲-◄↑↓]/

/** Characters of text are lines only where no word holds them. */
const lineIn = /[─-╿▲-◄→←↑↓]|(?<!\w)[|+^](?!\w)|(?<![\w-])[vV](?!\w)|-{2,}>?|={2,}>?|->|<-+|(?<=\s)>(?=\s)/gu

export interface Row {
  readonly strokes: ReadonlyMap<number, Stroke>
  /** What is left: words, with the columns at which they begin. */
  readonly words: readonly { readonly text: string; readonly column: number }[]
}

export function rowOf(line: string): Row {
  const found = new Map<number, Stroke>()
  let rest = line
  for (const { 0: text, index } of line.matchAll(lineIn)) {
    for (const [offset, character] of [...text].entries()) {
      const stroke = strokes.get(character)
      if (stroke !== undefined) found.set(index + offset, stroke)
    }
    rest = rest.slice(0, index) + ' '.repeat(text.length) + rest.slice(index + text.length)
  }
  const words = [...rest.matchAll(/\S+/gu)].map(({ 0: text, index }) => ({ text, column: index }))
  return { strokes: found, words }
}
