import type { Task, TaskId } from '../model/task.ts'
import type { Standing, Wait } from './plan.ts'

/** What has to be done before a task starts. */
export interface Edge {
  readonly wait: Wait
  /** The index of what is waited for; null when it was cancelled or does not exist. */
  readonly on: number | null
}

/** The tasks by index, and everything that one waits for whatever else is running. */
export interface Graph {
  readonly tasks: readonly Task[]
  readonly standing: readonly Standing[]
  /** By index; empty for closed tasks. */
  readonly edges: readonly (readonly Edge[])[]
  /** Who waits for it, by index. */
  readonly followers: readonly (readonly number[])[]
}

export function graphOf(tasks: readonly Task[], standings: ReadonlyMap<TaskId, Standing>): Graph {
  const standing = tasks.map((task) => standings.get(task.id) ?? task.state)
  const indexes = new Map(tasks.map((task, index) => [task.id, index]))
  const establishers = new Map<string, number[]>()
  for (const [index, { establishes }] of tasks.entries()) {
    if (establishes === undefined) continue
    const found = establishers.get(establishes)
    if (found === undefined) establishers.set(establishes, [index])
    else found.push(index)
  }

  const edges: Edge[][] = tasks.map(() => [])
  const wait = (from: number, on: number | undefined, name: string, why: Wait): void => {
    if (on === from) return // reported by `checkTasks`; a task cannot hold up itself
    const stands = on === undefined ? 'cancelled' : standing[on]
    if (stands === 'done') return
    if (on === undefined || stands === 'cancelled') edges[from]?.push({ wait: { for: 'lost', task: name }, on: null })
    else edges[from]?.push({ wait: why, on })
  }
  for (const [index, task] of tasks.entries()) {
    if (isClosed(standing[index])) continue
    for (const id of new Set(task.dependsOn)) wait(index, indexes.get(id), id, { for: 'dependency', task: id })
    const { stackedOn } = task
    if (stackedOn !== undefined) wait(index, indexes.get(stackedOn), stackedOn, { for: 'stack', task: stackedOn })
    for (const pattern of new Set(task.follows)) {
      const found = establishers.get(pattern)
      if (found === undefined) wait(index, undefined, pattern, { for: 'lost', task: pattern })
      for (const on of found ?? []) {
        const id = tasks[on]?.id ?? pattern
        wait(index, on, id, { for: 'pattern', pattern, task: id })
      }
    }
  }
  addGroups(tasks, standing, edges)

  const followers: number[][] = tasks.map(() => [])
  for (const [index, list] of edges.entries()) {
    for (const on of new Set(list.map((edge) => edge.on))) if (on !== null) followers[on]?.push(index)
  }
  return { tasks, standing, edges, followers }
}

export function isClosed(standing: Standing | undefined): boolean {
  return standing === 'done' || standing === 'cancelled'
}

/**
 * Members of a group go one after another: in the given order, unless a dependency asks for another one. All groups follow one
 * linear order of the whole graph, so what is added here can never close a circle.
 */
function addGroups(tasks: readonly Task[], standing: readonly Standing[], edges: Edge[][]): void {
  if (tasks.every((task) => task.group === undefined)) return
  const last = new Map<string, number>()
  const added: { readonly from: number; readonly edge: Edge }[] = []
  for (const index of linearOrder(edges)) {
    const task = tasks[index]
    if (task?.group === undefined || isClosed(standing[index])) continue
    const before = last.get(task.group)
    const name = before === undefined ? undefined : tasks[before]?.id
    if (before !== undefined && name !== undefined) {
      added.push({ from: index, edge: { wait: { for: 'group', task: name }, on: before } })
    }
    last.set(task.group, index)
  }
  for (const { from, edge } of added) {
    // A dependency on the member before says it already.
    if (!edges[from]?.some((other) => other.on === edge.on)) edges[from]?.push(edge)
  }
}

/** Every index after everything that it waits for, otherwise in the given order. Without recursion: chains can be long. */
function linearOrder(edges: readonly (readonly Edge[])[]): number[] {
  const out: number[] = []
  const state = new Uint8Array(edges.length) // 1: begun, 2: finished
  for (let root = 0; root < edges.length; root++) {
    if (state[root] !== 0) continue
    const stack = [{ index: root, next: 0 }]
    state[root] = 1
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = edges[top.index]?.[top.next]
      top.next++
      if (edge === undefined) {
        state[top.index] = 2
        out.push(top.index)
        stack.pop()
      } else if (edge.on !== null && state[edge.on] === 0) {
        state[edge.on] = 1
        stack.push({ index: edge.on, next: 0 })
      }
    }
  }
  return out
}

/** The minutes of the longest chain that begins with each task, its own included. */
export function remaining(graph: Graph, minutes: (index: number) => number): Float64Array {
  const out = new Float64Array(graph.tasks.length)
  for (const index of linearOrder(graph.edges).reverse()) {
    let longest = 0
    for (const follower of graph.followers[index] ?? []) longest = Math.max(longest, out[follower] ?? 0)
    out[index] = isClosed(graph.standing[index]) ? 0 : longest + minutes(index)
  }
  return out
}
