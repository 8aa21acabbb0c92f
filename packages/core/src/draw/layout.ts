import { Graph, layout } from '@dagrejs/dagre'
import type { Layout, Line, Point, Size } from './places.ts'
import { ranked } from './ranked.ts'

/** Boxes and lines of one part that dagre is given; what is larger takes it seconds, and its recursion has an end. */
const mostForDagre = 1200
const gap = 22

/** Places boxes in parts that nothing connects, each by dagre, and puts the parts side by side into about the shape of a screen. */
export function layoutOf(sizes: readonly Size[], lines: readonly Line[]): Layout {
  const places: Point[] = sizes.map(() => ({ x: 0, y: 0 }))
  const ways: (readonly Point[])[] = lines.map(() => [])
  const parts = partsOf(sizes.length, lines).map((part) => {
    const own = part.boxes.map((box) => sizes[box] ?? { width: 0, height: 0 })
    const index = new Map(part.boxes.map((box, at) => [box, at]))
    const inner = part.lines.flatMap((number) => {
      const { from, to } = lines[number] ?? { from: -1, to: -1 }
      return [{ from: index.get(from) ?? 0, to: index.get(to) ?? 0 }]
    })
    const laid = own.length + inner.length > mostForDagre ? ranked(own, inner) : byDagre(own, inner)
    return { ...part, laid }
  })
  // The tall ones first, so that a row of parts is about as high all along.
  parts.sort((a, b) => b.laid.height - a.laid.height)

  const area = parts.reduce((sum, { laid }) => sum + (laid.width + gap) * (laid.height + gap), 0)
  const widest = Math.max(0, ...parts.map(({ laid }) => laid.width), Math.sqrt(area * 1.7))
  let [x, y, height, width] = [0, 0, 0, 0]
  for (const { boxes, lines: numbers, laid } of parts) {
    if (x > 0 && x + laid.width > widest) {
      y += height + gap
      x = 0
      height = 0
    }
    const moved = (point: Point) => ({ x: point.x + x, y: point.y + y })
    for (const [at, box] of boxes.entries()) places[box] = moved(laid.places[at] ?? { x: 0, y: 0 })
    for (const [at, number] of numbers.entries()) ways[number] = (laid.ways[at] ?? []).map(moved)
    x += laid.width + gap
    width = Math.max(width, x - gap)
    height = Math.max(height, laid.height)
  }
  return { places, ways, width, height: y + height }
}

/** What hangs together, in the order of the first box. */
function partsOf(count: number, lines: readonly Line[]): { boxes: number[]; lines: number[] }[] {
  const root = Array.from({ length: count }, (_, index) => index)
  const find = (index: number): number => {
    let at = index
    for (let up = root[at] ?? at; up !== at; up = root[at] ?? at) {
      root[at] = root[up] ?? up
      at = root[at] ?? at
    }
    return at
  }
  for (const { from, to } of lines) {
    const [one, other] = [find(from), find(to)]
    root[Math.max(one, other)] = Math.min(one, other)
  }
  const parts = new Map<number, { boxes: number[]; lines: number[] }>()
  for (const index of root.keys()) {
    const part = parts.get(find(index))
    if (part === undefined) parts.set(find(index), { boxes: [index], lines: [] })
    else part.boxes.push(index)
  }
  for (const [number, { to }] of lines.entries()) parts.get(find(to))?.lines.push(number)
  return [...parts.values()]
}

function byDagre(sizes: readonly Size[], lines: readonly Line[]): Layout {
  const graph = new Graph({ multigraph: false, compound: false })
  graph.setGraph({ rankdir: 'LR', nodesep: 16, edgesep: 10, ranksep: 44 })
  for (const [index, { width, height }] of sizes.entries()) graph.setNode(`${index}`, { width, height })
  for (const { from, to } of lines) graph.setEdge(`${from}`, `${to}`, { weight: 1, minlen: 1 })
  layout(graph)
  const places = sizes.map((_, index) => graph.node(`${index}`) as Point)
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>
  const ways = lines.map(({ from, to }) => {
    const { points } = graph.edge(`${from}`, `${to}`) as { readonly points: readonly Point[] }
    return points.slice(1, -1)
  })
  return { places: places.map(({ x, y }) => ({ x, y })), ways, width, height }
}
