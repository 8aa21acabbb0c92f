import type { PageData } from './data.ts'
import { detailsOf } from './details.ts'
import { byId, numbered } from './elements.ts'
import { viewOf } from './view.ts'

const data = JSON.parse(byId('data').textContent ?? '') as PageData
const boxes = numbered<SVGGElement>('task')
const rows = numbered<HTMLElement>('row')
const arrows = [...document.querySelectorAll<SVGPathElement>('.arrows [data-from]')]
const details = byId<HTMLElement>('details')
const drawing = byId<SVGSVGElement>('drawing')
const find = byId<HTMLInputElement>('find')
const hint = [...details.childNodes]
const view = viewOf()
let chosen = -1
let matches: number[] = []

function choose(number: number): void {
  chosen = number
  const near = new Set([chosen])
  for (const arrow of arrows) {
    const [from, to] = [Number(arrow.getAttribute('data-from')), Number(arrow.getAttribute('data-to'))]
    const touches = from === chosen || to === chosen
    arrow.classList.toggle('near', touches)
    if (touches) near.add(from).add(to)
  }
  drawing.classList.toggle('choosing', chosen >= 0)
  for (const [index, box] of boxes.entries()) {
    box.classList.toggle('near', near.has(index))
    box.classList.toggle('chosen', index === chosen)
    box.setAttribute('tabindex', index === Math.max(0, chosen) ? '0' : '-1')
    box.setAttribute('aria-pressed', String(index === chosen))
    rows[index]?.setAttribute('aria-pressed', String(index === chosen))
  }
  details.replaceChildren(...(chosen < 0 ? hint : detailsOf(data, chosen, reveal, leave)))
  details.scrollTop = 0
  document.body.classList.toggle('telling', chosen >= 0)
}

/** Back to none chosen; the keyboard stays where it was. */
function leave(): void {
  const box = boxes[chosen]
  const inDetails = details.contains(document.activeElement)
  choose(-1)
  if (inDetails) box?.focus({ preventScroll: true })
}

/** Chosen from somewhere else than the drawing. */
function reveal(number: number): void {
  choose(number)
  const box = boxes[number]
  if (box !== undefined) view.show(box)
}

/** The nearest box in the direction of an arrow key; what lies off to the side counts as farther. */
function beside(number: number, key: string): number | undefined {
  const middle = (box: Element) => {
    const { left, right, top, bottom } = box.getBoundingClientRect()
    return { x: (left + right) / 2, y: (top + bottom) / 2 }
  }
  const from = boxes[number]
  if (from === undefined) return undefined
  const [here, sideways] = [middle(from), key === 'ArrowLeft' || key === 'ArrowRight']
  const forward = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
  let best: { readonly index: number; readonly far: number } | undefined
  for (const [index, box] of boxes.entries()) {
    const { x, y } = middle(box)
    const [along, across] = sideways ? [x - here.x, y - here.y] : [y - here.y, x - here.x]
    const far = along * forward + 2.5 * Math.abs(across)
    if (index !== number && along * forward > 1 && (best === undefined || far < best.far)) best = { index, far }
  }
  return best?.index
}

function search(): void {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean)
  const searching = words.length > 0
  matches = []
  for (const [index, task] of data.tasks.entries()) {
    const text = [task.id, task.title, task.layer ?? '', ...(task.writes ?? []), ...task.reads].join('\n').toLowerCase()
    const fits = words.every((word) => text.includes(word))
    if (fits) matches.push(index)
    boxes[index]?.classList.toggle('match', searching && fits)
    const item = rows[index]?.parentElement
    if (item) item.hidden = !fits
  }
  drawing.classList.toggle('searching', searching)
  for (const batch of document.querySelectorAll<HTMLElement>('.batch')) {
    batch.hidden = batch.querySelector('li:not([hidden])') === null
  }
  byId('found').textContent = searching ? `${matches.length} of ${data.tasks.length}` : ''
}

for (const [index, box] of boxes.entries()) {
  const task = data.tasks[index]
  box.setAttribute('role', 'button')
  box.setAttribute('tabindex', index === 0 ? '0' : '-1')
  box.setAttribute('aria-pressed', 'false')
  box.setAttribute('aria-label', task === undefined ? '' : `${task.id}. ${task.title}. ${task.why}`)
  box.addEventListener('click', () => choose(index))
  box.addEventListener('keydown', (event) => {
    const next = event.key.startsWith('Arrow') ? beside(index, event.key) : index
    if (!event.key.startsWith('Arrow') && event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (next === undefined) return
    reveal(next)
    boxes[next]?.focus({ preventScroll: true })
  })
}
for (const [index, row] of rows.entries()) {
  row.setAttribute('aria-pressed', 'false')
  row.addEventListener('click', () => reveal(index))
  row.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const shown = rows.filter((other) => other.parentElement?.hidden === false)
    const next = shown[shown.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]
    event.preventDefault()
    next?.focus()
    next?.click()
  })
}
find.addEventListener('input', search)
find.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || matches.length === 0) return
  reveal(matches.find((index) => index > chosen) ?? matches[0] ?? -1)
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && chosen >= 0 && find.value === '') leave()
  if (event.key === '/' && document.activeElement !== find) {
    event.preventDefault()
    find.focus()
  }
})
view.fit()
const first = boxes[data.tasks.findIndex((task) => task.critical)]
if (first !== undefined) view.begin(first)
