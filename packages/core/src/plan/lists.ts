import type { Lists } from './project.ts'

/** The numbers from 0 to below `size`. */
export function upTo(size: number): Int32Array {
  const out = new Int32Array(size)
  for (let index = 0; index < size; index++) out[index] = index
  return out
}

/** The numbers of one list, without a copy. */
export function listAt(lists: Lists, index: number): Int32Array {
  return lists.items.subarray(lists.at[index] ?? 0, lists.at[index + 1] ?? 0)
}

/** The other way round: for each thing those in whose list it is, once for each time. Negative numbers are left out. */
export function turned({ at, items }: Lists): Lists {
  const size = at.length - 1
  const starts = new Int32Array(size + 1)
  for (const item of items) if (item >= 0) starts[item + 1] = (starts[item + 1] ?? 0) + 1
  for (let index = 0; index < size; index++) starts[index + 1] = (starts[index + 1] ?? 0) + (starts[index] ?? 0)
  const out = new Int32Array(starts[size] ?? 0)
  const next = starts.slice(0, size)
  for (let index = 0; index < size; index++) {
    for (let place = at[index] ?? 0; place < (at[index + 1] ?? 0); place++) {
      const item = items[place] ?? -1
      if (item < 0) continue
      const free = next[item] ?? 0
      out[free] = index
      next[item] = free + 1
    }
  }
  return { at: starts, items: out }
}

/**
 * Every index after all in its list of `before` (Kahn 1962). What is in a circle, or after one, is left out.
 * @param after the same lists turned
 */
export function topologicalOrder(before: Lists, after: Lists): Int32Array {
  const size = before.at.length - 1
  const order = new Int32Array(size)
  const unmet = new Int32Array(size)
  let found = 0
  for (let index = 0; index < size; index++) {
    const waits = (before.at[index + 1] ?? 0) - (before.at[index] ?? 0)
    unmet[index] = waits
    if (waits === 0) order[found++] = index
  }
  for (let next = 0; next < found; next++) {
    const index = order[next] ?? 0
    const to = after.at[index + 1] ?? 0
    for (let edge = after.at[index] ?? 0; edge < to; edge++) {
      const follower = after.items[edge] ?? 0
      const left = (unmet[follower] ?? 0) - 1
      unmet[follower] = left
      if (left === 0) order[found++] = follower
    }
  }
  return order.subarray(0, found)
}

/** Whether nothing leads back to itself, by however many others. */
export function isAcyclic(before: Lists, after: Lists): boolean {
  return topologicalOrder(before, after).length === before.at.length - 1
}

/**
 * Every index after all in its list, as far as there are no circles; otherwise ascending. Negative numbers are left out. Without
 * recursion: chains can be long.
 */
export function linearOrder({ at, items }: Lists): number[] {
  const size = at.length - 1
  const out: number[] = []
  const next = at.slice(0, size)
  const begun = new Uint8Array(size)
  for (let root = 0; root < size; root++) {
    if (begun[root] === 1) continue
    const stack = [root]
    begun[root] = 1
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = next[top] ?? 0
      if (edge >= (at[top + 1] ?? 0)) {
        out.push(top)
        stack.pop()
        continue
      }
      next[top] = edge + 1
      const on = items[edge] ?? -1
      if (on >= 0 && begun[on] === 0) {
        begun[on] = 1
        stack.push(on)
      }
    }
  }
  return out
}
