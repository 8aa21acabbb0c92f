import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'
import { circuits } from './circuits.ts'
import { components } from './components.ts'

/** Names of a path that a message spells out. */
const mostNames = 20
/** Circles that are told beside the first one of each set of tasks that wait for each other: a few tasks can have millions. */
const mostCircles = 20
/** Tasks in them. */
const mostMembers = 20_000

/**
 * One problem for each circle of tasks that wait for each other, the shortest ones first, up to a limit.
 * @param references what each task waits for, by index
 */
export function* cycleProblems(
  tasks: readonly NewTask[],
  references: readonly (readonly number[])[],
): Generator<Problem> {
  let circles = 0
  let members = 0
  for (const component of components(references)) {
    const places = new Map(component.map((index, place) => [index, place]))
    const edges = component.map((index) =>
      (references[index] ?? []).flatMap((on) => {
        const place = places.get(on)
        return place === undefined ? [] : [place]
      }),
    )
    let held: readonly NewTask[] | null = null
    for (const circuit of circuits(edges)) {
      if (held !== null) {
        const enough = circles >= mostCircles || members >= mostMembers
        yield cycleProblem(held, enough)
        if (enough) {
          held = null
          break
        }
        circles++
        members += circuit.length
      }
      held = circuit.flatMap((place) => {
        const task = tasks[component[place] ?? 0]
        return task === undefined ? [] : [task]
      })
    }
    if (held !== null) yield cycleProblem(held, false)
  }
}

/** @param more there are others, which are not told */
function cycleProblem(circle: readonly NewTask[], more: boolean): Problem {
  const [first, second] = circle
  const path = [...circle, ...circle.slice(0, 1)].map((task) => task.id)
  const message = `these tasks wait for each other, so none can start: ${spelled(path)}${more ? '; so do more of them' : ''}`
  return { code: 'cycle', task: path[0] ?? '', field: fieldOf(first, second?.id ?? ''), message, path }
}

/** The names of a path with arrows; of a long one the beginning and the end. */
export function spelled(path: readonly string[]): string {
  if (path.length <= mostNames + 1) return path.map(shown).join(' → ')
  const names = path.slice(0, mostNames).map(shown)
  return [...names, `… (${path.length - 1} tasks)`, shown(path.at(-1) ?? '')].join(' → ')
}

/** The field by which `task` waits for `next`. */
function fieldOf(task: NewTask | undefined, next: string): string {
  if (task?.dependsOn?.includes(next)) return 'dependsOn'
  return task?.stackedOn === next ? 'stackedOn' : 'follows'
}
