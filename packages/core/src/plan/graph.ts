import type { Task, TaskId } from '../model/task.ts'
import { groupOrder } from './group-order.ts'
import { turned } from './lists.ts'
import type { Standing, Wait } from './plan.ts'
import type { Lists } from './project.ts'
import type { References } from './references.ts'

/** The tasks by index, and everything that one waits for whatever else is running. */
export interface Graph {
  readonly tasks: readonly Task[]
  readonly standing: readonly Standing[]
  /** The task by its id; of several with one id the last. */
  readonly indexes: ReadonlyMap<TaskId, number>
  /** By index what a task waits for, by index; -1 for what was cancelled or does not exist. Empty for closed tasks. One may be in it twice. */
  readonly edges: Lists
  /** Who waits for it, by index; one for each edge. */
  readonly followers: Lists
  /** Why, for the edge at that place of `edges.items`. */
  wait(edge: number): Wait
}

const kinds = ['dependency', 'stack', 'pattern', 'group', 'lost'] as const
type Kind = (typeof kinds)[number]
const numbers: Readonly<Record<Kind, number>> = { dependency: 0, stack: 1, pattern: 2, group: 3, lost: 4 }

/** Edges while they are collected. */
class Edges {
  readonly at: Int32Array
  readonly on: number[] = []
  readonly kinds: number[] = []
  /** The pattern, or the name of what is lost. */
  readonly names = new Map<number, string>()

  constructor(size: number) {
    this.at = new Int32Array(size + 1)
  }

  add(on: number, kind: Kind, name?: string): void {
    if (name !== undefined) this.names.set(this.on.length, name)
    this.on.push(on)
    this.kinds.push(numbers[kind])
  }

  /** What is added from now on is `index`'s. */
  begin(index: number): void {
    this.at[index] = this.on.length
  }

  finish(): Lists {
    this.at[this.at.length - 1] = this.on.length
    return { at: this.at, items: new Int32Array(this.on) }
  }
}

/**
 * @param references what the open tasks refer to, where that was looked up already
 * @param begun open tasks that have work on a branch: of a group they go first. Default none
 */
export function graphOf(
  tasks: readonly Task[],
  standings: ReadonlyMap<TaskId, Standing>,
  references?: References,
  begun: ReadonlySet<TaskId> = new Set(),
): Graph {
  const isNew = standings.size === 0
  const standing = tasks.map((task) => (isNew ? task.state : (standings.get(task.id) ?? task.state)))
  if (isNew && references?.plain && references.complete && references.at.length === tasks.length + 1) {
    return graph(tasks, standing, references.indexes, references, references.followers)
  }
  const indexes = new Map<TaskId, number>()
  const establishers = new Map<string, number[]>()
  let grouped = false
  for (let index = 0; index < tasks.length; index++) {
    const task = tasks[index]
    if (task === undefined) continue
    const { id, establishes, group } = task
    indexes.set(id, index)
    grouped ||= group !== undefined
    if (establishes === undefined) continue
    const found = establishers.get(establishes)
    if (found === undefined) establishers.set(establishes, [index])
    else found.push(index)
  }

  const edges = new Edges(tasks.length)
  const wait = (from: number, on: number | undefined, name: string, kind: Kind, pattern?: string): void => {
    if (on === from) return // reported by `checkTasks`; a task cannot hold up itself
    const stands = on === undefined ? 'cancelled' : standing[on]
    if (stands === 'done') return
    if (on === undefined || stands === 'cancelled') edges.add(-1, 'lost', name)
    else edges.add(on, kind, pattern)
  }
  const seenBy = new Int32Array(tasks.length).fill(-1)
  for (let index = 0; index < tasks.length; index++) {
    edges.begin(index)
    const task = tasks[index]
    if (task === undefined) continue
    const { dependsOn, stackedOn, follows } = task
    const isFree = dependsOn.length === 0 && follows.length === 0 && stackedOn === undefined
    if (isFree || isClosed(standing[index])) continue
    for (const id of dependsOn) {
      const on = indexes.get(id)
      if (on !== undefined && seenBy[on] === index) continue
      if (on !== undefined) seenBy[on] = index
      wait(index, on, id, 'dependency')
    }
    if (stackedOn !== undefined) wait(index, indexes.get(stackedOn), stackedOn, 'stack')
    if (follows.length === 0) continue
    for (const pattern of new Set(follows)) {
      const found = establishers.get(pattern)
      if (found === undefined) wait(index, undefined, pattern, 'lost')
      for (const on of found ?? []) wait(index, on, tasks[on]?.id ?? pattern, 'pattern', pattern)
    }
  }
  const lists = edges.finish()
  if (grouped) return withGroups(tasks, standing, { indexes, begun }, lists, edges)
  return graph(tasks, standing, indexes, lists, turned(lists), edges)
}

function graph(
  tasks: readonly Task[],
  standing: readonly Standing[],
  indexes: ReadonlyMap<TaskId, number>,
  lists: Lists,
  followers: Lists,
  // Without, all edges are dependencies.
  collected?: Pick<Edges, 'kinds' | 'names'>,
): Graph {
  // Most waits are for a dependency, and everybody who depends on a task waits alike.
  const dependencies = new Array<Wait | undefined>(tasks.length).fill(undefined)
  return {
    tasks,
    standing,
    indexes,
    edges: lists,
    followers,
    wait(edge) {
      const on = lists.items[edge] ?? -1
      const kind = kinds[collected?.kinds[edge] ?? 0] ?? 'dependency'
      if (kind === 'dependency') {
        const known = dependencies[on]
        if (known !== undefined) return known
        const made: Wait = { for: 'dependency', task: tasks[on]?.id ?? '' }
        dependencies[on] = made
        return made
      }
      const name = collected?.names.get(edge) ?? ''
      if (kind === 'lost') return { for: 'lost', task: name }
      const task = tasks[on]?.id ?? ''
      return kind === 'pattern' ? { for: 'pattern', pattern: name, task } : { for: kind, task }
    },
  }
}

export function isClosed(standing: Standing | undefined): boolean {
  return standing === 'done' || standing === 'cancelled'
}

/** Why a task waits, whatever else is running. */
export function waitsOf({ edges, wait }: Pick<Graph, 'edges' | 'wait'>, index: number): Wait[] {
  const out: Wait[] = []
  for (let edge = edges.at[index] ?? 0; edge < (edges.at[index + 1] ?? 0); edge++) out.push(wait(edge))
  return out
}

/**
 * Members of a group go one after another: those at work first, then those that have begun, the others in the given order, unless a dependency asks for
 * another one.
 * All groups follow one linear order of the whole graph, so what is added here closes no circle except through what one in flight waits for.
 */
function withGroups(
  tasks: readonly Task[],
  standing: readonly Standing[],
  { indexes, begun }: Pick<Graph, 'indexes'> & { readonly begun: ReadonlySet<TaskId> },
  lists: Lists,
  edges: Edges,
): Graph {
  const last = new Map<string, number[]>()
  const added = new Map<number, readonly number[]>()
  const groups = tasks.map((task) => task.group)
  const first = [...begun].flatMap((id) => indexes.get(id) ?? []).sort((a, b) => a - b)
  const order = groupOrder(groups, lists, first)
  const isBegun = (index: number) => standing[index] === 'running' || standing[index] === 'holding'
  for (const index of order) {
    const { group } = tasks[index] ?? {}
    if (group === undefined || !isBegun(index)) continue
    last.set(group, [...(last.get(group) ?? []), index])
  }
  for (const index of order) {
    const { group } = tasks[index] ?? {}
    if (group === undefined || isClosed(standing[index]) || isBegun(index)) continue
    added.set(index, last.get(group) ?? [])
    last.set(group, [index])
  }
  const all = new Edges(tasks.length)
  for (const index of tasks.keys()) {
    all.begin(index)
    const from = lists.at[index] ?? 0
    const to = lists.at[index + 1] ?? 0
    for (let edge = from; edge < to; edge++) {
      all.add(lists.items[edge] ?? -1, kinds[edges.kinds[edge] ?? 0] ?? 'dependency', edges.names.get(edge))
    }
    for (const before of added.get(index) ?? []) {
      // A dependency on the member before says it already.
      if (!lists.items.subarray(from, to).includes(before)) all.add(before, 'group')
    }
  }
  const joined = all.finish()
  return graph(tasks, standing, indexes, joined, turned(joined), all)
}
