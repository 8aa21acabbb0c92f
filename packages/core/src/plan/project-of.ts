import { Exclusions } from './exclusions.ts'
import { type Graph, isClosed } from './graph.ts'
import { listAt, turned } from './lists.ts'
import type { Lists, Project } from './project.ts'
import { Resources } from './resources.ts'
import { byText, type Rules } from './rules.ts'

/** The tasks that can be placed in time, in numbers, and what the numbers stand for. */
export interface Numbered {
  readonly project: Project
  /** For each of the project's tasks its index in the graph. */
  readonly indexes: Int32Array
  readonly resources: Resources
  readonly exclusions: Exclusions
}

/** Tasks that are closed are left out, and those that can never start: something before them was cancelled, or no agent may run. */
export function projectOf(graph: Graph, rules: Rules): Numbered {
  const indexes = Int32Array.from(startable(graph, rules))
  const places = new Int32Array(graph.tasks.length).fill(-1)
  for (const [place, index] of indexes.entries()) places[index] = place
  const resources = new Resources(rules)
  const exclusions = new Exclusions(rules)
  const minutes = new Float64Array(indexes.length)
  const priority = new Float64Array(indexes.length)
  const kinds = new Int32Array(indexes.length)
  const before: number[] = []
  const beforeAt = new Int32Array(indexes.length + 1)
  const demands: number[] = []
  const demandsAt = new Int32Array(indexes.length + 1)
  const units: number[] = []
  const begun: number[] = []
  const seenBy = new Int32Array(indexes.length).fill(-1)
  const waited = (place: number, index: number): void => {
    for (const on of listAt(graph.edges, index)) {
      const other = on < 0 ? -1 : (places[on] ?? -1)
      if (other < 0 || seenBy[other] === place) continue
      seenBy[other] = place
      before.push(other)
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
    beforeAt[place + 1] = before.length
    for (const demand of resources.demands(task, !holds)) {
      demands.push(demand.resource)
      units.push(demand.units)
    }
    demandsAt[place + 1] = demands.length
  }
  const waitedFor: Lists = { at: beforeAt, items: Int32Array.from(before) }
  const { of, excludes } = exclusions.classes()
  const project: Project = {
    size: indexes.length,
    minutes,
    before: waitedFor,
    after: turned(waitedFor),
    capacities: Float64Array.from(resources.capacities),
    demands: { at: demandsAt, items: Int32Array.from(demands) },
    units: Float64Array.from(units),
    classes: kinds.map((kind) => of[kind] ?? -1),
    excludes,
    priority,
    rank: rankById(graph, indexes),
    begun: Int32Array.from(begun),
  }
  return { project, indexes, resources, exclusions }
}

/** In the order of the graph. */
function startable(graph: Graph, rules: Rules): number[] {
  const lost = new Set<number>()
  const queue: number[] = []
  const lose = (index: number): void => {
    if (lost.has(index)) return
    lost.add(index)
    queue.push(index)
  }
  for (const [index, task] of graph.tasks.entries()) {
    const stands = graph.standing[index]
    if (isClosed(stands) || stands === 'running' || stands === 'holding') continue
    const seatless = rules.maxAgents < 1 && rules.seat(task)
    if (seatless || listAt(graph.edges, index).includes(-1)) lose(index)
  }
  for (let at = 0; at < queue.length; at++) {
    for (const follower of listAt(graph.followers, queue[at] ?? 0)) {
      const stands = graph.standing[follower]
      if (stands !== 'running' && stands !== 'holding') lose(follower)
    }
  }
  return [...graph.tasks.keys()].filter((index) => !isClosed(graph.standing[index]) && !lost.has(index))
}

function rankById(graph: Graph, indexes: Int32Array): Int32Array {
  const id = (place: number) => graph.tasks[indexes[place] ?? 0]?.id ?? ''
  const order = [...indexes.keys()].sort((a, b) => byText(id(a), id(b)) || a - b)
  const rank = new Int32Array(indexes.length)
  for (const [at, place] of order.entries()) rank[place] = at
  return rank
}
