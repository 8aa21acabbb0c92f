import { components } from './components.ts'

/**
 * The elementary circuits of a graph (Johnson 1975), each as its members in the direction of the edges, its least member first. Those of one first
 * member begin with a shortest one. Nothing is worked out before it is asked for, so whoever has enough stops asking. Without recursion.
 */
export function* circuits(edges: readonly (readonly number[])[]): Generator<readonly number[]> {
  for (let from = 0; from < edges.length; ) {
    const [component] = components(edges, from)
    const start = component?.[0]
    if (component === undefined || start === undefined) return
    yield* circuitsFrom(start, inside(edges, component))
    from = start + 1
  }
}

/** The edges between members of a component, by the member that they leave. */
function inside(
  edges: readonly (readonly number[])[],
  component: readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const members = new Set(component)
  return new Map(component.map((member) => [member, (edges[member] ?? []).filter((on) => members.has(on))]))
}

function* circuitsFrom(start: number, edges: ReadonlyMap<number, readonly number[]>): Generator<readonly number[]> {
  const steps = stepsTo(start, edges)
  const step = (member: number) => ({
    member,
    // The nearest way back first.
    on: [...(edges.get(member) ?? [])].sort((a, b) => (steps.get(a) ?? 0) - (steps.get(b) ?? 0)),
    next: 0,
    found: false,
  })
  // A blocked member is on the path, or leads back to the start only through members that are.
  const blocked = new Set([start])
  const unblocks = new Map<number, Set<number>>()
  const unblock = (first: number): void => {
    const queue = [first]
    for (const member of queue) {
      if (!blocked.delete(member)) continue
      queue.push(...(unblocks.get(member) ?? []))
      unblocks.delete(member)
    }
  }
  const path = [step(start)]
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const on = top.on[top.next++]
    if (on === start) {
      top.found = true
      yield path.map(({ member }) => member)
    } else if (on !== undefined) {
      if (blocked.has(on)) continue
      blocked.add(on)
      path.push(step(on))
    } else {
      path.pop()
      const before = path.at(-1)
      if (before !== undefined && top.found) before.found = true
      if (top.found) unblock(top.member)
      else for (const other of top.on) unblocks.set(other, (unblocks.get(other) ?? new Set()).add(top.member))
    }
  }
}

/** How many edges lead from each member to `start`. */
function stepsTo(start: number, edges: ReadonlyMap<number, readonly number[]>): ReadonlyMap<number, number> {
  const back = new Map<number, number[]>()
  for (const [member, list] of edges) {
    for (const on of list) {
      const found = back.get(on)
      if (found === undefined) back.set(on, [member])
      else found.push(member)
    }
  }
  const steps = new Map([[start, 0]])
  for (const [member, count] of steps) {
    for (const before of back.get(member) ?? []) if (!steps.has(before)) steps.set(before, count + 1)
  }
  return steps
}
