import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'
import { components } from './components.ts'
import { spelled } from './cycle.ts'

/** Problems for the groups of one set that need each other. */
const mostPairs = 20

/**
 * Groups of which each needs a member of the other: neither can be done as a whole before the other. A group that waits in its middle for
 * tasks of no group is no problem. What waits in a circle whatever the groups are is for `cycleProblems`.
 * @param references what each task waits for, by index
 */
export function* groupCycleProblems(
  tasks: readonly NewTask[],
  references: readonly (readonly number[])[],
): Generator<Problem> {
  const units = new Map<string, number>()
  const names: (string | null)[] = []
  const unitOf = tasks.map(({ group }) => {
    const known = group === undefined ? undefined : units.get(group)
    if (known !== undefined) return known
    if (group !== undefined) units.set(group, names.length)
    return names.push(group ?? null) - 1
  })
  if (units.size < 2) return
  const sizes = new Uint32Array(names.length)
  for (const unit of unitOf) sizes[unit] = (sizes[unit] ?? 0) + 1

  const circles = new Map(components(references).flatMap((all, circle) => all.map((index) => [index, circle] as const)))
  const edges: number[][] = names.map(() => [])
  /** The two tasks that an edge between units stands for: the first that was found. */
  const between = new Map<number, readonly [from: number, on: number]>()
  for (const [index, list] of references.entries()) {
    const from = unitOf[index] ?? 0
    for (const on of list) {
      const to = unitOf[on] ?? 0
      const circle = circles.get(index)
      const key = from * names.length + to
      if (from === to || between.has(key) || (circle !== undefined && circle === circles.get(on))) continue
      between.set(key, [index, on])
      edges[from]?.push(to)
    }
  }
  for (const component of components(edges)) {
    const [first, ...others] = component.filter((unit) => names[unit] !== null && (sizes[unit] ?? 0) > 1)
    if (first === undefined) continue
    const inside = new Set(component)
    const there = ways(first, inside, edges)
    const back = ways(first, inside, reversed(edges))
    for (const other of others.slice(0, mostPairs)) {
      const walk = [...wayTo(other, there).reverse(), ...wayTo(other, back).slice(1)]
      const steps = walk.slice(1).flatMap((to, at) => {
        const step = between.get((walk[at] ?? 0) * names.length + to)
        return step === undefined ? [] : [step]
      })
      yield problemOf(tasks, steps, names[first] ?? '', names[other] ?? '')
    }
  }
}

function problemOf(
  tasks: readonly NewTask[],
  steps: readonly (readonly [from: number, on: number])[],
  one: string,
  other: string,
): Problem {
  const name = (index: number): string => tasks[index]?.id ?? ''
  // A new part begins where one member of a group is waited for, and another one waits.
  const parts: string[][] = []
  for (const [from, on] of steps) {
    const last = parts.at(-1)
    if (last !== undefined && last.at(-1) === name(from)) last.push(name(on))
    else parts.push([name(from), name(on)])
  }
  const message = `the groups ${shown(one)} and ${shown(other)} wait for each other, so neither can be done as a whole before the other: ${parts.map(spelled).join(', ')}`
  return { code: 'group-cycle', task: parts[0]?.[0] ?? '', field: 'group', message, path: parts.flat() }
}

/** From where each unit of `inside` is reached first, when one begins at `start`. */
function ways(
  start: number,
  inside: ReadonlySet<number>,
  edges: readonly (readonly number[])[],
): ReadonlyMap<number, number> {
  const from = new Map([[start, start]])
  for (const [unit] of from) {
    for (const on of edges[unit] ?? []) if (inside.has(on) && !from.has(on)) from.set(on, unit)
  }
  return from
}

/** From `unit` to where the ways began. */
function wayTo(unit: number, from: ReadonlyMap<number, number>): number[] {
  const out = [unit]
  for (let at = unit, next = from.get(at); next !== undefined && next !== at; next = from.get(at)) {
    out.push(next)
    at = next
  }
  return out
}

function reversed(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const out: number[][] = edges.map(() => [])
  for (const [from, list] of edges.entries()) for (const on of list) out[on]?.push(from)
  return out
}
