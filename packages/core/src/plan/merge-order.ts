import type { TaskId } from '../model/task.ts'
import type { Graph } from './graph.ts'
import { Heap } from './heap.ts'

/**
 * In which order changes land: what a task waits for before it, then tasks that establish a pattern and all that these wait for, then the
 * order of the plan.
 * @param order indexes in the order of the plan
 */
export function mergeOrder(graph: Graph, order: readonly number[]): TaskId[] {
  const place = new Map(order.map((index, at) => [index, at]))
  const early = new Set(order.filter((index) => graph.tasks[index]?.establishes !== undefined))
  for (const index of early) for (const { on } of graph.edges[index] ?? []) if (on !== null) early.add(on)

  const key = (index: number) => (early.has(index) ? 0 : order.length) + (place.get(index) ?? 0)
  const free = new Heap((a, b) => key(a) - key(b))
  const unmet = new Map<number, number>()
  for (const index of order) {
    const before = new Set((graph.edges[index] ?? []).map((edge) => edge.on))
    const count = [...before].filter((on) => on !== null && place.has(on)).length
    unmet.set(index, count)
    if (count === 0) free.push(index)
  }
  const out: TaskId[] = []
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    const task = graph.tasks[index]
    if (task?.kind === 'change') out.push(task.id)
    for (const follower of graph.followers[index] ?? []) {
      const left = unmet.get(follower)
      if (left === undefined) continue
      unmet.set(follower, left - 1)
      if (left === 1) free.push(follower)
    }
  }
  return out
}
