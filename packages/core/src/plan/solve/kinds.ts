import type { Project } from '../project.ts'

/** What is blocked for one reason is looked at once for all. */
export interface Kinds {
  /** Tasks of one kind demand the same resources, and either all or none of them take time. */
  readonly kinds: Int32Array
  /** One task of each kind. */
  readonly samples: Int32Array
  /** Kinds whose tasks do not all demand the same units. */
  readonly mixed: Uint8Array
  /** Tasks of one lane are of one kind and class, and demand the same units; -1: they exclude nobody. */
  readonly lanes: Int32Array
  /** The class of each lane. */
  readonly laneClasses: Int32Array
}

export function kindsOf(project: Project): Kinds {
  const { size, minutes, demands, units, capacities, classes, excludes } = project
  const kinds = new Int32Array(size)
  const samples: number[] = []
  const lanes = new Int32Array(size).fill(-1)
  const laneClasses: number[] = []
  const byResources = new Tree(capacities.length)
  const byUnits = new Tree(capacities.length)
  const kindAt: number[] = []
  /** The node in `byUnits` of the first task of each kind. */
  const exact: number[] = []
  const mixed: number[] = []
  const laneOf = new Map<number, number>()
  for (let task = 0; task < size; task++) {
    let same = minutes[task] === 0 ? 0 : 1
    let node = same
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      same = byResources.child(same, resource, 0)
      node = byUnits.child(node, resource, units[at] ?? 0)
    }
    let kind = kindAt[same]
    if (kind === undefined) {
      kind = samples.push(task) - 1
      kindAt[same] = kind
      exact.push(node)
      mixed.push(0)
    } else if (exact[kind] !== node) mixed[kind] = 1
    kinds[task] = kind
    const own = classes[task] ?? -1
    if (own < 0 || excludes.at[own] === excludes.at[own + 1]) continue
    const pair = node * (excludes.at.length - 1) + own
    let lane = laneOf.get(pair)
    if (lane === undefined) {
      lane = laneClasses.push(own) - 1
      laneOf.set(pair, lane)
    }
    lanes[task] = lane
  }
  return {
    kinds,
    samples: Int32Array.from(samples),
    mixed: Uint8Array.from(mixed),
    lanes,
    laneClasses: Int32Array.from(laneClasses),
  }
}

/** Each demand leads from one node to another; equal demands lead to the same. Nodes 0 and 1 are there from the beginning. */
class Tree {
  readonly #resources: number
  readonly #next = new Map<number, Map<number, number>>()
  #nodes = 2

  constructor(resources: number) {
    this.#resources = resources
  }

  child(node: number, resource: number, units: number): number {
    const step = node * this.#resources + resource
    let byUnits = this.#next.get(step)
    if (byUnits === undefined) {
      byUnits = new Map()
      this.#next.set(step, byUnits)
    }
    let found = byUnits.get(units)
    if (found === undefined) {
      found = this.#nodes++
      byUnits.set(units, found)
    }
    return found
  }
}
