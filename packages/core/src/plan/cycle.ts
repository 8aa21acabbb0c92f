import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'

/** Names of a circle that a message spells out. */
const mostNames = 20

/** One problem for each set of tasks that wait for each other, with one circle among them. Without recursion: chains can be long. */
export function cycleProblems(tasks: readonly NewTask[]): Problem[] {
  const indexes = new Map(tasks.map((task, index) => [task.id, index]))
  const establishers = new Map<string, number[]>()
  for (const [index, { establishes }] of tasks.entries()) {
    if (establishes !== undefined) establishers.set(establishes, [...(establishers.get(establishes) ?? []), index])
  }
  const edges = tasks.map((task, index) => {
    const ids = [...(task.dependsOn ?? []), ...(task.stackedOn === undefined ? [] : [task.stackedOn])]
    const named = ids.map((id) => indexes.get(id))
    const followed = (task.follows ?? []).flatMap((pattern) => establishers.get(pattern) ?? [])
    // A task that waits for itself is a problem of its own.
    return [...new Set([...named, ...followed])].filter((on) => on !== undefined && on !== index) as number[]
  })
  return components(edges).map((component) => {
    const names = circle(edges, component).map((index) => tasks[index]?.id ?? '')
    const spelled = names.length > mostNames ? [...names.slice(0, mostNames), `… (${names.length} tasks)`] : names
    const path = [...spelled, names[0] ?? ''].map(shown).join(' → ')
    const [first = ''] = names
    const message = `these tasks wait for each other, so none can start: ${path}`
    return { code: 'cycle', task: first, field: fieldOf(tasks[component[0] ?? 0], names[1]), message }
  })
}

/** The field by which `task` waits for `next`. */
function fieldOf(task: NewTask | undefined, next: string | undefined): string {
  if (next === undefined || task?.dependsOn?.includes(next)) return 'dependsOn'
  return task?.stackedOn === next ? 'stackedOn' : 'follows'
}

/** Tarjan's strongly connected components of more than one member, each ascending, by their first member. */
function components(edges: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(edges.length).fill(-1)
  const low = new Int32Array(edges.length)
  const pending = new Uint8Array(edges.length)
  const members: number[] = []
  const out: number[][] = []
  let count = 0
  const enter = (index: number) => {
    order[index] = low[index] = count++
    pending[index] = 1
    members.push(index)
    return { index, next: 0 }
  }
  for (let root = 0; root < edges.length; root++) {
    if (order[root] !== -1) continue
    const stack = [enter(root)]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { index } = top
      const on = edges[index]?.[top.next++]
      if (on !== undefined) {
        if (order[on] === -1) stack.push(enter(on))
        else if (pending[on] === 1) low[index] = Math.min(low[index] ?? 0, order[on] ?? 0)
        continue
      }
      stack.pop()
      const below = stack.at(-1)
      if (below !== undefined) low[below.index] = Math.min(low[below.index] ?? 0, low[index] ?? 0)
      if (low[index] !== order[index]) continue
      const component = members.splice(members.lastIndexOf(index))
      for (const member of component) pending[member] = 0
      if (component.length > 1) out.push(component.sort((a, b) => a - b))
    }
  }
  return out.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}

/** A shortest circle through the first member, that member first. */
function circle(edges: readonly (readonly number[])[], component: readonly number[]): number[] {
  const [first = 0] = component
  const inside = new Set(component)
  const from = new Map<number, number>()
  const queue = [first]
  for (const index of queue) {
    for (const on of edges[index] ?? []) {
      if (on === first) {
        const path: number[] = []
        for (let at: number | undefined = index; at !== undefined && at !== first; at = from.get(at)) path.push(at)
        return [first, ...path.reverse()]
      }
      if (inside.has(on) && !from.has(on)) {
        from.set(on, index)
        queue.push(on)
      }
    }
  }
  return [first]
}
