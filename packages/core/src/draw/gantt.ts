import { ticks } from '../plan/ticks.ts'
import { shadeOf } from './palette.ts'
import type { Box, Picture } from './picture.ts'
import { escaped, minutes, timeOf } from './texts.ts'

/** The tasks as bars on a scale of time, a button each, below the batch that they are in. */
export function ganttHtml({ boxes, plan }: Picture): string {
  const share = (time: number) => `${plan.makespan > 0 ? Math.round((time / plan.makespan) * 1e4) / 100 : 0}%`
  const marks = ticks(plan.makespan, 9)
  const grid = marks.map((at) => `<line x1="${share(at)}" x2="${share(at)}" y2="100%"/>`).join('')
  const labels = marks.map((at) => `<text x="${share(at)}" y="14">${at === 0 ? '0 min' : minutes(at)}</text>`).join('')
  const parts = [
    `<div class="axis" aria-hidden="true"><span></span><svg class="scale">${labels}</svg><span></span></div>`,
    `<div class="rows"><div class="grid" aria-hidden="true"><span></span><svg>${grid}</svg><span></span></div>`,
  ]
  const numbers = new Map<number | null, number[]>()
  for (const [number, { batch }] of boxes.entries()) numbers.set(batch, [...(numbers.get(batch) ?? []), number])
  for (const [batch, own] of numbers) {
    const { name = '', reason = '' } = plan.batches[batch ?? -1] ?? {}
    const said = batch === null ? 'Never' : `Batch ${name} <small>${escaped(reason)}</small>`
    parts.push('<section class="batch">', `<h3>${said}</h3>`, '<ol>')
    for (const number of own) parts.push(rowHtml(boxes[number] as Box, number, share))
    parts.push('</ol></section>')
  }
  return [...parts, '</div>'].join('\n')
}

function rowHtml(box: Box, number: number, share: (time: number) => string): string {
  const shade = shadeOf(box.batch)
  const classes = `task ${shade === null ? 'never' : `batch${shade}`}${box.critical ? ' critical' : ''}`
  const bar =
    box.end > box.start
      ? `<rect class="outline" x="${share(box.start)}" width="${share(box.end - box.start)}" y="5" height="12" rx="3"/>`
      : `<circle class="outline" cx="${share(box.start)}" cy="11" r="5"/>`
  const name = box.title === box.id ? '' : `<span>${escaped(box.title)}</span>`
  return [
    `<li><button type="button" class="row${box.critical ? ' bold' : ''}" data-row="${number}" title="${escaped(box.why)}">`,
    `<span class="name"><b>${escaped(box.id)}</b>${name}</span>`,
    `<svg class="scale" aria-hidden="true"><g class="${classes}">${bar}</g></svg>`,
    `<span class="when">${timeOf(box)}${box.batch === null ? '' : '<i> min</i>'}</span></button></li>`,
  ].join('')
}
