/** A binary heap in a plain array: `items` are indexes into `keys`, the one with the least key is at 0. */
export function push(items: number[], keys: Float64Array, item: number): void {
  const key = keys[item] ?? 0
  let at = items.push(item) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = items[parent] ?? 0
    if ((keys[above] ?? 0) <= key) break
    items[at] = above
    at = parent
  }
  items[at] = item
}

/** Takes out the least; -1: there is none. */
export function pop(items: number[], keys: Float64Array): number {
  const last = items.pop()
  if (last === undefined) return -1
  const size = items.length
  if (size === 0) return last
  const top = items[0] ?? 0
  const key = keys[last] ?? 0
  let at = 0
  for (let child = 1; child < size; child = at * 2 + 1) {
    let least = keys[items[child] ?? 0] ?? 0
    if (child + 1 < size) {
      const other = keys[items[child + 1] ?? 0] ?? 0
      if (other < least) {
        least = other
        child++
      }
    }
    if (key <= least) break
    items[at] = items[child] ?? 0
    at = child
  }
  items[at] = last
  return top
}

/** The same where the numbers are their own keys. */
export function pushNumber(items: number[], item: number): void {
  let at = items.push(item) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = items[parent] ?? 0
    if (above <= item) break
    items[at] = above
    at = parent
  }
  items[at] = item
}

export function popNumber(items: number[]): number {
  const last = items.pop()
  if (last === undefined) return -1
  const size = items.length
  if (size === 0) return last
  const top = items[0] ?? 0
  let at = 0
  for (let child = 1; child < size; child = at * 2 + 1) {
    let least = items[child] ?? 0
    if (child + 1 < size) {
      const other = items[child + 1] ?? 0
      if (other < least) {
        least = other
        child++
      }
    }
    if (last <= least) break
    items[at] = least
    at = child
  }
  items[at] = last
  return top
}
