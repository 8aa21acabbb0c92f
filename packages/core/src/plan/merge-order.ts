import type { TaskId } from '../model/task.ts'
import type { Graph } from './graph.ts'
import { Heap } from './heap.ts'
import { listAt } from './lists.ts'

/**
 * In which order changes land: what a task waits for before it, then tasks that establish a pattern and all that these wait for, then the
 * order of the plan.
 * @param order indexes in the order of the plan
 */
export function mergeOrder(graph: Graph, order: Int32Array): TaskId[] {
  const change = (index: number) => graph.tasks[index]?.kind === 'change'
  if (!graph.tasks.some((task) => task.establishes !== undefined)) {
    const all: TaskId[] = []
    for (const index of order) if (change(index)) all.push(graph.tasks[index]?.id ?? '')
    return all
  }
  const places = new Uint8Array(graph.tasks.length)
  for (const index of order) places[index] = 1
  const early = new Set<number>(order.filter((index) => graph.tasks[index]?.establishes !== undefined))
  for (const index of early) for (const on of listAt(graph.edges, index)) if (on >= 0) early.add(on)

  const keys = new Float64Array(graph.tasks.length)
  for (const [at, index] of order.entries()) keys[index] = at + (early.has(index) ? 0 : order.length)
  const free = new Heap((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))
  const unmet = new Int32Array(graph.tasks.length)
  for (const index of order) {
    const stands = graph.standing[index]
    // What is in flight waits for nothing any more.
    const waited = stands === 'running' || stands === 'holding' ? [] : listAt(graph.edges, index)
    for (const on of waited) if (on >= 0 && places[on] === 1) unmet[index] = (unmet[index] ?? 0) + 1
    if (unmet[index] === 0) free.push(index)
  }
  const out: TaskId[] = []
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    const task = graph.tasks[index]
    if (task?.kind === 'change') out.push(task.id)
    for (const follower of listAt(graph.followers, index)) {
      if (places[follower] !== 1) continue
      unmet[follower] = (unmet[follower] ?? 0) - 1
      if (unmet[follower] === 0) free.push(follower)
    }
  }
  return out
}
