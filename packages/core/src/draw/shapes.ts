import type { Box } from './picture.ts'
import type { Point, Size } from './places.ts'

/** Pixels with one digit behind the point, which keeps files small. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** The outline of a box round `middle`: what kind of task it is can be told by its shape. */
export function outline(kind: Box['kind'], { x, y }: Point, { width, height }: Size, classes: string): string {
  const [left, top, right, bottom] = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
  if (kind === 'change' || kind === 'read') {
    const radius = kind === 'read' ? height / 2 : 6
    return `<rect class="${classes}" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}"/>`
  }
  const slant = kind === 'sync' ? height / 3 : height / 4
  const corners: readonly (readonly [number, number])[] =
    kind === 'sync'
      ? [
          [left + slant, top],
          [right - slant, top],
          [right, y],
          [right - slant, bottom],
          [left + slant, bottom],
          [left, y],
        ]
      : [
          [left + slant, top],
          [right, top],
          [right - slant, bottom],
          [left, bottom],
        ]
  const points = corners.map(([at, height]) => `${px(at)},${px(height)}`).join(' ')
  return `<polygon class="${classes}" points="${points}"/>`
}

/** What a shape takes from the left and the right of the text in it. */
export function insetOf(kind: Box['kind']): number {
  return kind === 'change' ? 11 : kind === 'read' ? 19 : 20
}

/** How far the middle of the left and right edge lies inside of the box. */
export function slantOf(kind: Box['kind']): number {
  return kind === 'manual' ? 5.5 : 0
}

/** A smooth line along points: a uniform B-spline that begins and ends at the first and the last. */
export function curve(points: readonly Point[]): string {
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined) return ''
  const start = `M${px(first.x)},${px(first.y)}`
  if (points.length === 2) return `${start}L${px(last.x)},${px(last.y)}`
  const mix = (a: Point, b: Point, share: number) => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share })
  const at = (point: Point) => `${px(point.x)},${px(point.y)}`
  let path = start
  const padded = [first, ...points, last]
  for (let index = 0; index + 3 < padded.length; index++) {
    const [, b, c, d] = padded.slice(index, index + 4) as [Point, Point, Point, Point]
    const end = mix(mix(b, c, 2 / 3), mix(c, d, 1 / 3), 0.5)
    path += `C${at(mix(b, c, 1 / 3))} ${at(mix(b, c, 2 / 3))} ${at(end)}`
  }
  return `${path}L${at(last)}`
}
