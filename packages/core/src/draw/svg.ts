import { layoutOf } from './layout.ts'
import { fitted, widthOf } from './measure.ts'
import { shadeOf } from './palette.ts'
import { type Arrow, type Box, type Picture, tooManySeats } from './picture.ts'
import type { Point, Size } from './places.ts'
import { curve, insetOf, outline, px, slantOf } from './shapes.ts'
import { svgStyle } from './style.ts'
import { escaped, headline, timeOf } from './texts.ts'

const height = 46
const margin = 14
const sizes = { id: 12.5, title: 11, time: 10 }

/** The graph as a picture that stands alone. It follows the reader's choice of light or dark. */
export function toSvg(picture: Picture): string {
  const { body, width, height } = drawn(picture)
  const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(headline(picture.plan))}">
<style>${svgStyle}</style>
<rect class="paper" width="100%" height="100%"/>
${body}
</svg>`
}

/** What is inside of the `svg`. Each box is a group with the number of its task in `data-task`. */
export function drawn({ boxes, arrows, plan }: Picture): Size & { readonly body: string } {
  const around = boxes.map((box) => ({ width: boxWidth(box, batchOf(box, plan)), height }))
  // Who gets whose seat says nothing about what belongs together.
  const laidOut = arrows.filter((arrow) => arrow.sort !== 'capacity')
  const { places, ways, ...whole } = layoutOf(around, laidOut)
  const between = new Map(laidOut.map((arrow, index) => [arrow, ways[index] ?? []]))
  const end = (number: number, side: 1 | -1): Point => {
    const { x, y } = places[number] ?? { x: 0, y: 0 }
    const half = (around[number]?.width ?? 0) / 2 - slantOf(boxes[number]?.kind ?? 'change')
    return { x: x + side * half, y }
  }
  const lines = arrows.map((arrow) => {
    const [start, stop] = [end(arrow.from, 1), end(arrow.to, -1)]
    const inner = [{ x: start.x + 14, y: start.y }, ...(between.get(arrow) ?? []), { x: stop.x - 18, y: stop.y }]
    return arrowText(arrow, [start, ...inner, stop].map(moved))
  })
  const drawnBoxes = boxes.map((box, number) => {
    const place = moved(places[number] ?? { x: 0, y: 0 })
    return boxText(box, number, place, around[number] ?? { width: 0, height }, batchOf(box, plan))
  })
  const parts = [
    heads,
    `<g class="arrows${tooManySeats(arrows) ? ' many' : ''}">`,
    ...lines,
    '</g>',
    '<g class="boxes">',
    ...drawnBoxes,
    '</g>',
  ]
  return {
    body: parts.join('\n'),
    width: Math.max(1, whole.width) + 2 * margin,
    height: Math.max(1, whole.height) + 2 * margin,
  }
}

function moved({ x, y }: Point): Point {
  return { x: x + margin, y: y + margin }
}

function batchOf(box: Box, plan: Picture['plan']): string {
  return box.batch === null ? '' : (plan.batches[box.batch]?.name ?? '')
}

const heads = ['head', 'head bold']
  .map(
    (name) =>
      `<marker id="${name.replace(' ', '-')}" class="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5L8,4L0,7.5Z"/></marker>`,
  )
  .join('')

function arrowText(arrow: Arrow, way: readonly Point[]): string {
  const classes = `arrow ${arrow.sort}${arrow.critical ? ' critical' : ''}`
  const marker = arrow.critical ? 'head-bold' : 'head'
  return `<path class="${classes}" data-from="${arrow.from}" data-to="${arrow.to}" d="${curve(way)}" marker-end="url(#${marker})"/>`
}

function tag(box: Box, batch: string): string {
  return batch === '' ? timeOf(box) : `${batch} · ${timeOf(box)}`
}

function boxWidth(box: Box, batch: string): number {
  const first = widthOf(box.id, sizes.id) + 14 + widthOf(tag(box, batch), sizes.time)
  const second = box.title === box.id ? 0 : widthOf(box.title, sizes.title)
  return Math.min(260, Math.max(110, Math.ceil(Math.max(first, second) + 2 * insetOf(box.kind)) + 2))
}

function boxText(box: Box, number: number, middle: Point, { width }: Size, batch: string): string {
  const inset = insetOf(box.kind)
  const [left, right] = [middle.x - width / 2 + inset, middle.x + width / 2 - inset]
  const when = tag(box, batch)
  const titled = box.title !== box.id
  const id = fitted(box.id, sizes.id, right - left - 14 - widthOf(when, sizes.time))
  const shade = shadeOf(box.batch)
  const classes = `task ${shade === null ? 'never' : `batch${shade}`}${box.critical ? ' critical' : ''}`
  const inner = { width: width - 7, height: height - 7 }
  const at = (y: number) => px(middle.y + y)
  return [
    `<g class="${classes}" data-task="${number}">`,
    `<title>${escaped(`${box.title === box.id ? box.id : `${box.id}: ${box.title}`}. ${box.why}`)}</title>`,
    outline(box.kind, middle, { width, height }, 'outline'),
    ...(box.hold ? [outline(box.kind, middle, inner, 'hold')] : []),
    `<text class="id" x="${px(left)}" y="${at(titled ? -3 : 4)}">${escaped(id)}</text>`,
    `<text class="time" x="${px(right)}" y="${at(titled ? -3.5 : 4)}">${escaped(when)}</text>`,
    ...(titled
      ? [
          `<text class="title" x="${px(left)}" y="${at(13)}">${escaped(fitted(box.title, sizes.title, right - left))}</text>`,
        ]
      : []),
    '</g>',
  ].join('')
}
