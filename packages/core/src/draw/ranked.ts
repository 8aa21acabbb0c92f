import type { Layout, Line, Point, Size } from './places.ts'

const [across, down] = [60, 14]

/**
 * For very large graphs: each box in the column behind everything that it follows, in the given order; lines are straight. Without
 * recursion, and about as quick as reading it.
 */
export function ranked(sizes: readonly Size[], lines: readonly Line[]): Layout {
  const ranks = ranksOf(sizes.length, lines)
  const columns: { boxes: number[]; width: number }[] = []
  for (const [index, rank] of ranks.entries()) {
    columns[rank] ??= { boxes: [], width: 0 }
    const column = columns[rank]
    column.boxes.push(index)
    column.width = Math.max(column.width, sizes[index]?.width ?? 0)
  }
  const places: Point[] = sizes.map(() => ({ x: 0, y: 0 }))
  let [x, height] = [0, 0]
  for (const { boxes, width } of columns) {
    let y = 0
    for (const box of boxes) {
      const size = sizes[box] ?? { width: 0, height: 0 }
      places[box] = { x: x + size.width / 2, y: y + size.height / 2 }
      y += size.height + down
    }
    x += width + across
    height = Math.max(height, y - down)
  }
  return { places, ways: lines.map(() => []), width: Math.max(0, x - across), height }
}

/** The longest way to each box. What is in a circle counts from where it was met. */
function ranksOf(count: number, lines: readonly Line[]): number[] {
  const ranks = new Array<number>(count).fill(0)
  const open = new Array<number>(count).fill(0)
  const next: number[][] = ranks.map(() => [])
  for (const { from, to } of lines) {
    next[from]?.push(to)
    open[to] = (open[to] ?? 0) + 1
  }
  const ready = [...open.keys()].filter((index) => open[index] === 0)
  for (const index of ready) {
    for (const to of next[index] ?? []) {
      ranks[to] = Math.max(ranks[to] ?? 0, (ranks[index] ?? 0) + 1)
      open[to] = (open[to] ?? 0) - 1
      if (open[to] === 0) ready.push(to)
    }
  }
  return ranks
}
