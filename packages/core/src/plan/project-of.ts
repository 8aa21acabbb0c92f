import { Exclusions } from './exclusions.ts'
import { type Graph, isClosed } from './graph.ts'
import { listAt, topologicalOrder, turned } from './lists.ts'
import type { Lists, Project } from './project.ts'
import { type Demand, Resources } from './resources.ts'
import { byText, type Rules } from './rules.ts'

/** The tasks that can be placed in time, in numbers, and what the numbers stand for. */
export interface Numbered {
  readonly project: Project
  /** For each of the project's tasks its index in the graph. */
  readonly indexes: Int32Array
  readonly resources: Resources
  /** By place in the project; the same in numbers is part of that. */
  readonly demands: readonly (readonly Demand[])[]
  readonly exclusions: Exclusions
}

/** Tasks that are closed are left out, and those that can never start: something before them was cancelled, or no agent may run. */
export function projectOf(graph: Graph, rules: Rules, exclusions = new Exclusions(rules)): Numbered {
  const indexes = startable(graph, rules)
  const places = new Int32Array(graph.tasks.length).fill(-1)
  for (let place = 0; place < indexes.length; place++) places[indexes[place] ?? 0] = place
  const resources = new Resources(rules)
  const minutes = new Float64Array(indexes.length)
  const priority = new Float64Array(indexes.length)
  const kinds = new Int32Array(indexes.length)
  const before = new Int32Array(graph.edges.items.length)
  const beforeAt = new Int32Array(indexes.length + 1)
  let edges = 0
  const asked: (readonly Demand[])[] = []
  const demands: number[] = []
  const demandsAt = new Int32Array(indexes.length + 1)
  const units: number[] = []
  const begun: number[] = []
  const seenBy = new Int32Array(indexes.length).fill(-1)
  const waited = (place: number, index: number): void => {
    const { at, items } = graph.edges
    const to = at[index + 1] ?? 0
    for (let edge = at[index] ?? 0; edge < to; edge++) {
      const other = places[items[edge] ?? -1] ?? -1
      if (other < 0 || seenBy[other] === place) continue
      seenBy[other] = place
      before[edges++] = other
    }
  }
  for (let place = 0; place < indexes.length; place++) {
    const index = indexes[place] ?? 0
    const task = graph.tasks[index]
    if (task === undefined) continue
    const stands = graph.standing[index]
    const holds = stands === 'holding'
    const isBegun = holds || stands === 'running'
    if (isBegun) begun.push(place)
    minutes[place] = holds ? 0 : rules.minutes(task)
    priority[place] = task.priority
    kinds[place] = exclusions.kindOf(task, !holds)
    // What runs already waits for nothing any more.
    if (!isBegun) waited(place, index)
    beforeAt[place + 1] = edges
    const taken = resources.demands(task, !holds)
    asked.push(taken)
    for (const demand of taken) {
      demands.push(demand.resource)
      units.push(demand.units)
    }
    demandsAt[place + 1] = demands.length
  }
  const waitedFor: Lists = { at: beforeAt, items: before.slice(0, edges) }
  const followers = turned(waitedFor)
  const { of, excludes } = exclusions.classes()
  const project: Project = {
    size: indexes.length,
    minutes,
    before: waitedFor,
    after: followers,
    order: topologicalOrder(waitedFor, followers),
    capacities: new Float64Array(resources.capacities),
    demands: { at: demandsAt, items: new Int32Array(demands) },
    units: new Float64Array(units),
    classes: kinds.map((kind) => of[kind] ?? -1),
    excludes,
    priority,
    rank: rankById(graph, indexes),
    begun: new Int32Array(begun),
  }
  return { project, indexes, resources, demands: asked, exclusions }
}

/** In the order of the graph. */
function startable({ tasks, standing, edges, followers }: Graph, rules: Rules): Int32Array {
  const lost = new Uint8Array(tasks.length)
  const queue: number[] = []
  const lose = (index: number): void => {
    const stands = standing[index]
    if (lost[index] === 1 || stands === 'running' || stands === 'holding') return
    lost[index] = 1
    queue.push(index)
  }
  const out = new Int32Array(tasks.length)
  let count = 0
  for (let index = 0; index < tasks.length; index++) {
    const task = tasks[index]
    if (task === undefined || isClosed(standing[index])) continue
    out[count++] = index
    if (rules.maxAgents < 1 && rules.seat(task)) lose(index)
    const to = edges.at[index + 1] ?? 0
    for (let edge = edges.at[index] ?? 0; edge < to; edge++) if (edges.items[edge] === -1) lose(index)
  }
  for (let at = 0; at < queue.length; at++) for (const follower of listAt(followers, queue[at] ?? 0)) lose(follower)
  const open = out.subarray(0, count)
  return queue.length === 0 ? open : open.filter((index) => lost[index] === 0)
}

function rankById({ tasks }: Graph, indexes: Int32Array): Int32Array {
  const ids = Array.from(indexes, (index) => tasks[index]?.id ?? '')
  const order = Array.from(ids.keys()).sort((a, b) => byText(ids[a] ?? '', ids[b] ?? '') || a - b)
  const rank = new Int32Array(ids.length)
  for (let at = 0; at < order.length; at++) rank[order[at] ?? 0] = at
  return rank
}
