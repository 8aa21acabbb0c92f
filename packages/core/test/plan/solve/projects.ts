import fc from 'fast-check'
import { topologicalOrder } from '../../../src/plan/lists.ts'
import type { Lists, Project, Timetable } from '../../../src/plan/project.ts'

export function listsOf(rows: readonly (readonly number[])[]): Lists {
  const at = new Int32Array(rows.length + 1)
  for (const [index, row] of rows.entries()) at[index + 1] = (at[index] ?? 0) + row.length
  return { at, items: Int32Array.from(rows.flat()) }
}

export function rowOf({ at, items }: Lists, index: number): readonly number[] {
  return [...items.subarray(at[index], at[index + 1])]
}

export interface Shape {
  readonly minutes: readonly number[]
  readonly before?: readonly (readonly number[])[]
  readonly capacities?: readonly number[]
  /** By task: resource and units. */
  readonly demands?: readonly (readonly (readonly [resource: number, units: number])[])[]
  readonly classes?: readonly number[]
  readonly excludes?: readonly (readonly number[])[]
  readonly priority?: readonly number[]
  readonly rank?: readonly number[]
  readonly begun?: readonly number[]
}

export function projectOf(shape: Shape): Project {
  const size = shape.minutes.length
  const before = shape.before ?? shape.minutes.map(() => [])
  const after: number[][] = shape.minutes.map(() => [])
  for (const [task, row] of before.entries()) for (const other of row) after[other]?.push(task)
  const demands = shape.demands ?? shape.minutes.map(() => [])
  return {
    size,
    minutes: Float64Array.from(shape.minutes),
    before: listsOf(before),
    after: listsOf(after),
    order: topologicalOrder(listsOf(before), listsOf(after)),
    capacities: Float64Array.from(shape.capacities ?? []),
    demands: listsOf(demands.map((row) => row.map(([resource]) => resource))),
    units: Float64Array.from(demands.flatMap((row) => row.map(([, units]) => units))),
    classes: Int32Array.from(shape.classes ?? shape.minutes.map(() => -1)),
    excludes: listsOf(shape.excludes ?? []),
    priority: Float64Array.from(shape.priority ?? shape.minutes.map(() => 0)),
    rank: Int32Array.from(shape.rank ?? shape.minutes.keys()),
    begun: Int32Array.from(shape.begun ?? []),
  }
}

/** Why a timetable breaks the rules of its project; empty: it does not. With `only`, what concerns that task. */
export function faults(project: Project, { start, makespan }: Timetable, only?: number): readonly string[] {
  const { size, minutes, before, capacities, classes, excludes } = project
  const begun = new Set(project.begun)
  const from = (task: number) => start[task] ?? Number.NaN
  const to = (task: number) => from(task) + (minutes[task] ?? 0)
  // Begun tasks run already at 0, so what takes no time cannot slip in before them.
  const spans = (task: number, time: number) => (begun.has(task) ? time >= 0 : from(task) < time) && time < to(task)
  const overlap = (a: number, b: number) =>
    minutes[a] === 0 ? spans(b, from(a)) : minutes[b] === 0 ? spans(a, from(b)) : from(a) < to(b) && from(b) < to(a)
  const tasks = Array.from({ length: size }, (_, task) => task)
  const units = (task: number, resource: number) => {
    const at = rowOf(project.demands, task).indexOf(resource)
    return at < 0 ? 0 : (project.units[(project.demands.at[task] ?? 0) + at] ?? 0)
  }
  const out: string[] = []
  for (const task of only === undefined ? tasks : [only]) {
    if (!(from(task) >= 0)) out.push(`${task} starts at ${from(task)}`)
    if (begun.has(task)) {
      if (from(task) !== 0) out.push(`${task} has begun and starts at ${from(task)}`)
      continue
    }
    for (const other of rowOf(before, task)) if (to(other) > from(task)) out.push(`${task} starts before ${other} ends`)
    const beside = tasks.filter((other) => other !== task && overlap(task, other))
    const mine = classes[task] ?? -1
    if (mine >= 0) {
      for (const other of beside) {
        if (rowOf(excludes, mine).includes(classes[other] ?? -1)) out.push(`${task} runs beside ${other}`)
      }
    }
    for (const [resource, capacity] of capacities.entries()) {
      const own = units(task, resource)
      const moments = [from(task), ...beside.map(from).filter((time) => time > from(task))]
      for (const time of own > 0 ? moments : []) {
        const taken = beside
          .filter((other) => minutes[other] !== 0)
          .filter((other) => (minutes[task] === 0 ? spans(other, time) : from(other) <= time && time < to(other)))
          .reduce((sum, other) => sum + units(other, resource), own)
        if (taken > capacity) out.push(`${task} takes too much of ${resource} at ${time}`)
      }
    }
  }
  const last = Math.max(0, ...tasks.map(to))
  if (only === undefined && makespan !== last) out.push(`the makespan is ${makespan} rather than ${last}`)
  return out
}

/** The moments before its start at which `task` could start while all others stay. */
export function earlier(project: Project, timetable: Timetable, task: number): readonly number[] {
  const { size, minutes } = project
  const own = timetable.start[task] ?? 0
  const ends = Array.from({ length: size }, (_, other) => (timetable.start[other] ?? 0) + (minutes[other] ?? 0))
  return [0, ...ends]
    .filter((time) => time < own)
    .filter((time) => {
      const start = Float64Array.from(timetable.start)
      start[task] = time
      const moved = { start, makespan: timetable.makespan }
      // It may be in nobody's way either.
      return Array.from({ length: size }, (_, other) => other).every(
        (other) => faults(project, moved, other).length === 0,
      )
    })
}

interface Wish {
  readonly most?: number
  readonly priorities?: boolean
}

/** Small projects with some of everything. */
export function anyProject({ most = 14, priorities = true }: Wish = {}): fc.Arbitrary<Project> {
  const minutes = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 0.1, 0.2, 2.5, 1 / 3))
  const task = fc.record({
    minutes,
    before: fc.array(fc.nat(1000), { maxLength: 3 }),
    units: fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
    class: fc.integer({ min: -1, max: 3 }),
    priority: priorities ? fc.integer({ min: 0, max: 2 }) : fc.constant(0),
    begun: fc.integer({ min: 0, max: 7 }).map((number) => number === 0),
  })
  const shape = fc.record({
    tasks: fc.array(task, { maxLength: most }),
    capacities: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
    excludes: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 4 }),
    turn: fc.nat(1000),
  })
  return shape.map(({ tasks, capacities, excludes, turn }) => {
    const rows = [0, 1, 2, 3].map(() => new Set<number>())
    for (const [one, other] of excludes) {
      rows[one]?.add(other)
      rows[other]?.add(one)
    }
    // Indexes do not ascend along dependencies.
    const turned = (index: number) => (index + turn) % tasks.length
    const place = <T>(values: readonly T[]): T[] => {
      const out = [...values]
      for (const [index, value] of values.entries()) out[turned(index)] = value
      return out
    }
    return projectOf({
      minutes: place(tasks.map((one) => one.minutes)),
      before: place(
        tasks.map((one, index) => (index === 0 ? [] : [...new Set(one.before.map((other) => turned(other % index)))])),
      ),
      capacities,
      demands: place(
        tasks.map((one) =>
          capacities.flatMap((capacity, resource) => {
            const units = Math.min(one.units[resource] ?? 0, capacity)
            return units > 0 ? [[resource, units] as const] : []
          }),
        ),
      ),
      classes: place(tasks.map((one) => one.class)),
      excludes: rows.map((row) => [...row]),
      priority: place(tasks.map((one) => one.priority)),
      rank: tasks.map((_, index) => tasks.length - 1 - index),
      begun: place(tasks.map((one) => one.begun)).flatMap((begun, index) => (begun ? [index] : [])),
    })
  })
}
