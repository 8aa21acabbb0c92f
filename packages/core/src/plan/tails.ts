import { listAt } from './lists.ts'
import type { Project } from './project.ts'

/** Minutes of the longest chain that begins with each task. */
export function tails({ size, minutes, before, after }: Project): Float64Array {
  const tail = new Float64Array(size)
  const unmet = Int32Array.from({ length: size }, (_, place) => listAt(after, place).length)
  const queue = [...unmet.keys()].filter((place) => unmet[place] === 0)
  for (let at = 0; at < queue.length; at++) {
    const place = queue[at] ?? 0
    tail[place] = (tail[place] ?? 0) + (minutes[place] ?? 0)
    for (const one of listAt(before, place)) {
      tail[one] = Math.max(tail[one] ?? 0, tail[place] ?? 0)
      unmet[one] = (unmet[one] ?? 0) - 1
      if (unmet[one] === 0) queue.push(one)
    }
  }
  return tail
}
