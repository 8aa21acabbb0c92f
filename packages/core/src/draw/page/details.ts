import type { PageData, PageTask } from './data.ts'
import { make } from './elements.ts'

const kinds = { change: 'a change', read: 'reads only', sync: 'a sync point', manual: 'a person does it' }

/** Everything about one task. */
export function detailsOf(
  data: PageData,
  number: number,
  choose: (number: number) => void,
  close: () => void,
): readonly HTMLElement[] {
  const task = data.tasks[number]
  if (task === undefined) return []
  const link = (on: number): HTMLElement => {
    const button = make('button', data.tasks[on]?.id ?? '')
    button.setAttribute('type', 'button')
    button.addEventListener('click', () => choose(on))
    return button
  }
  const why = make('p', task.why)
  why.className = 'why'
  const closing = make('button', '×')
  closing.id = 'close'
  closing.setAttribute('type', 'button')
  closing.setAttribute('aria-label', 'Close')
  closing.addEventListener('click', close)
  const parts = [
    closing,
    make('h2', task.id),
    ...(task.title === task.id ? [] : [make('p', task.title)]),
    why,
    factsOf(task),
  ]
  const other = task.waits.map(({ on, says }) =>
    on === null ? make('li', says) : make('li', link(on), ` ${bracketOf(says)}`),
  )
  if (other.length > 0) parts.push(make('h3', 'Waits for'), make('ul', ...other))
  const after = data.arrows.flatMap(([from, to]) => (from === number ? [make('li', link(to))] : []))
  if (after.length > 0) parts.push(make('h3', 'What waits for it'), make('ul', ...after))
  return parts
}

/** `(depends on it)` of `waits for 124 (depends on it)`: whom it waits for is a button already. */
function bracketOf(says: string): string {
  return says.slice(Math.max(0, says.indexOf(' (')))
}

function factsOf(task: PageTask): HTMLElement {
  const facts: [string, HTMLElement | string][] = [
    ['When', task.batch === null ? 'never' : `${task.start}–${task.end} min, takes ${task.end - task.start}`],
    ['Batch', task.batch === null ? 'none' : `${task.batch.name}: ${task.batch.reason}`],
    ['Kind', task.hold ? `${kinds[task.kind]}, on hold` : kinds[task.kind]],
  ]
  if (task.critical) facts.push(['Path', 'on the critical path: what delays it delays everything'])
  if (task.layer !== null) facts.push(['Layer', task.layer])
  if (task.kind === 'change' || task.writes !== null)
    facts.push(['Writes', task.writes === null ? 'not known' : files(task.writes)])
  if (task.reads.length > 0) facts.push(['Reads', files(task.reads)])
  return make('dl', ...facts.flatMap(([name, said]) => [make('dt', name), make('dd', said)]))
}

function files(paths: readonly string[]): HTMLElement | string {
  return paths.length === 0 ? 'nothing' : make('ul', ...paths.map((path) => make('li', make('code', path))))
}
