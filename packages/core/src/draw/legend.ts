import type { Box, Picture } from './picture.ts'
import { outline } from './shapes.ts'
import { escaped } from './texts.ts'

/** What the shapes and lines of this picture mean; nothing that it does not hold. */
export function legendHtml({ boxes, arrows }: Picture): string {
  const arrow = (classes: string) => `<path class="arrow ${classes}" d="M1,9H31"/>`
  const shape = (kind: Box['kind'], more = '') =>
    `<g class="task plain">${outline(kind, { x: 16, y: 9 }, { width: 28, height: 14 }, 'outline')}${more}</g>`
  const hold = outline('change', { x: 16, y: 9 }, { width: 22, height: 8 }, 'hold')
  const entries: readonly (readonly [boolean, string, string])[] = [
    [boxes.some((box) => box.critical), arrow('critical'), 'critical path'],
    [arrows.some((one) => one.sort === 'order'), arrow('order'), 'has to be done before'],
    [arrows.some((one) => one.sort === 'conflict'), arrow('conflict'), 'may not run beside it'],
    [arrows.some((one) => one.sort === 'capacity'), arrow('capacity'), 'gives its seat to it'],
    [boxes.some((box) => box.kind === 'read'), shape('read'), 'reads only'],
    [boxes.some((box) => box.kind === 'sync'), shape('sync'), 'sync point'],
    [boxes.some((box) => box.kind === 'manual'), shape('manual'), 'a person does it'],
    [boxes.some((box) => box.hold), shape('change', hold), 'on hold'],
  ]
  const items = entries.flatMap(([is, drawing, says]) =>
    is ? [`<li><svg width="32" height="18" aria-hidden="true">${drawing}</svg>${escaped(says)}</li>`] : [],
  )
  return `<ul class="legend" aria-label="What the drawing means">${items.join('')}</ul>`
}
