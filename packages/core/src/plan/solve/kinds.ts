import type { Project } from '../project.ts'

export interface Kinds {
  readonly kinds: Int32Array
  readonly samples: Int32Array
  readonly lanes: Int32Array
  readonly laneClasses: Int32Array
}

/** Sorts the tasks into kinds and lanes: what is blocked is then looked at once for all of them. */
export function kindsOf(project: Project): Kinds {
  const { size, minutes, demands, units, capacities, classes, excludes } = project
  const kinds = new Int32Array(size)
  const samples: number[] = []
  const lanes = new Int32Array(size).fill(-1)
  const laneClasses: number[] = []
  // A tree: each demand leads from one node to the next; tasks that end in one node are of one kind.
  const next = new Map<number, Map<number, number>>()
  const kindAt: number[] = [-1, -1]
  const laneOf = new Map<number, number>()
  const child = (node: number, resource: number, amount: number): number => {
    const step = node * capacities.length + resource
    let amounts = next.get(step)
    if (amounts === undefined) {
      amounts = new Map()
      next.set(step, amounts)
    }
    let found = amounts.get(amount)
    if (found === undefined) {
      found = kindAt.push(-1) - 1
      amounts.set(amount, found)
    }
    return found
  }
  for (let task = 0; task < size; task++) {
    let node = minutes[task] === 0 ? 0 : 1
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      node = child(node, demands.items[at] ?? 0, units[at] ?? 0)
    }
    let kind = kindAt[node] ?? -1
    if (kind < 0) {
      kind = samples.push(task) - 1
      kindAt[node] = kind
    }
    kinds[task] = kind
    const own = classes[task] ?? -1
    if (own < 0 || excludes.at[own] === excludes.at[own + 1]) continue
    const pair = kind * (excludes.at.length - 1) + own
    let lane = laneOf.get(pair)
    if (lane === undefined) {
      lane = laneClasses.push(own) - 1
      laneOf.set(pair, lane)
    }
    lanes[task] = lane
  }
  return { kinds, samples: Int32Array.from(samples), lanes, laneClasses: Int32Array.from(laneClasses) }
}
