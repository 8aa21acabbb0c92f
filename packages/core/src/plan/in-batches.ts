import { listAt } from './lists.ts'
import type { Project, Timetable } from './project.ts'
import { tails } from './tails.ts'

/**
 * Strict batches: all that can run together start together, and nothing else starts before the last of them has ended. What has the longest
 * chain behind it goes first within one priority.
 */
export function inBatches(project: Project): Timetable {
  const { size, minutes, before, after, demands, units, capacities, classes, excludes, priority, rank, begun } = project
  const start = new Float64Array(size).fill(-1)
  const unmet = Int32Array.from({ length: size }, (_, place) => listAt(before, place).length)
  const tail = tails(project)
  const order = [...unmet.keys()].sort(
    (a, b) =>
      (priority[a] ?? 0) - (priority[b] ?? 0) || (tail[b] ?? 0) - (tail[a] ?? 0) || (rank[a] ?? 0) - (rank[b] ?? 0),
  )
  const batch = { used: new Float64Array(capacities.length), excluded: new Set<number>(), members: [] as number[] }

  const take = (place: number): void => {
    batch.members.push(place)
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      batch.used[resource] = (batch.used[resource] ?? 0) + (units[at] ?? 0)
    }
    if ((classes[place] ?? -1) >= 0)
      for (const other of listAt(excludes, classes[place] ?? 0)) batch.excluded.add(other)
  }
  const fits = (place: number): boolean => {
    if (batch.excluded.has(classes[place] ?? -1)) return false
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      if ((batch.used[resource] ?? 0) + (units[at] ?? 0) > (capacities[resource] ?? 0)) return false
    }
    return true
  }

  let waiting = order
  let now = 0
  for (const place of begun) take(place)
  const isBegun = new Set(begun)
  waiting = waiting.filter((place) => !isBegun.has(place))
  while (waiting.length > 0 || batch.members.length > 0) {
    const left: number[] = []
    for (const place of waiting) {
      if (unmet[place] === 0 && fits(place)) take(place)
      else left.push(place)
    }
    waiting = left
    let end = now
    for (const place of batch.members) {
      start[place] = now
      end = Math.max(end, now + (minutes[place] ?? 0))
      for (const next of listAt(after, place)) unmet[next] = (unmet[next] ?? 0) - 1
    }
    now = end
    batch.used.fill(0)
    batch.excluded.clear()
    batch.members = []
  }
  return { start, makespan: now }
}
