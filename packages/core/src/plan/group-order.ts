import { linearOrder, listAt } from './lists.ts'
import type { Lists } from './project.ts'

/**
 * Every task after those that it waits for, and each member of a group after those of it that have begun, unless these wait for it.
 * @param groups of each task, by index
 * @param lists what each task waits for, by index
 * @param begun those that have work on a branch, by index
 */
export function groupOrder(
  groups: readonly (string | undefined)[],
  lists: Lists,
  begun: readonly number[],
): readonly number[] {
  const more = new Map<number, readonly number[]>()
  const waitsOf = (index: number) => [...listAt(lists, index), ...(more.get(index) ?? [])]
  for (const one of begun) {
    const group = groups[one]
    if (group === undefined) continue
    const needed = neededBy(one, waitsOf)
    for (const [other, theirs] of groups.entries())
      if (theirs === group && !needed.has(other)) more.set(other, [...(more.get(other) ?? []), one])
  }
  if (more.size === 0) return linearOrder(lists)
  const all = groups.map((_, index) => waitsOf(index))
  let end = 0
  const at = Int32Array.from([0, ...all.map((items) => (end += items.length))])
  return linearOrder({ at, items: Int32Array.from(all.flat()) })
}

/** The task itself, and all that it waits for through others. */
function neededBy(index: number, waitsOf: (index: number) => readonly number[]): ReadonlySet<number> {
  const all = new Set([index])
  for (const each of all) for (const on of waitsOf(each)) if (on >= 0) all.add(on)
  return all
}
