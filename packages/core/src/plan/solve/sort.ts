const run = 12

/** Items from which on it is worth looking at the keys first. */
const many = 100
/** How many different keys there may be for each item, for places to be counted rather than compared. */
const spread = 8

/** Sorts `items` by their keys, the least first; those with equal keys stay as they lie. */
export function sortBy(items: Int32Array, keys: Float64Array): void {
  if (items.length < many) {
    mergeSort(items, keys)
    return
  }
  let sorted = true
  let whole = true
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let before = Number.NEGATIVE_INFINITY
  for (let at = 0; at < items.length; at++) {
    const key = keys[items[at] ?? 0] ?? 0
    if (key < before) sorted = false
    if (key < least) least = key
    if (key > most) most = key
    whole &&= Number.isInteger(key)
    before = key
  }
  if (sorted) return
  // Most keys are minutes, and most minutes are whole.
  if (whole && most - least < spread * items.length) countingSort(items, keys, least, most)
  else mergeSort(items, keys)
}

function countingSort(items: Int32Array, keys: Float64Array, least: number, most: number): void {
  const next = new Int32Array(most - least + 2)
  for (let at = 0; at < items.length; at++) {
    const key = (keys[items[at] ?? 0] ?? 0) - least + 1
    next[key] = (next[key] ?? 0) + 1
  }
  for (let key = 1; key < next.length; key++) next[key] = (next[key] ?? 0) + (next[key - 1] ?? 0)
  const given = items.slice()
  for (let at = 0; at < given.length; at++) {
    const item = given[at] ?? 0
    const key = (keys[item] ?? 0) - least
    const place = next[key] ?? 0
    items[place] = item
    next[key] = place + 1
  }
}

function mergeSort(items: Int32Array, keys: Float64Array): void {
  const size = items.length
  for (let from = 0; from < size; from += run) insertionSort(items, keys, from, Math.min(from + run, size))
  if (size <= run) return
  let source = items
  let target: Int32Array = new Int32Array(size)
  for (let width = run; width < size; width *= 2) {
    for (let from = 0; from < size; from += 2 * width) {
      merge(source, target, keys, from, Math.min(from + width, size), Math.min(from + 2 * width, size))
    }
    const swapped = source
    source = target
    target = swapped
  }
  if (source !== items) items.set(source)
}

function insertionSort(items: Int32Array, keys: Float64Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next++) {
    const item = items[next] ?? 0
    const key = keys[item] ?? 0
    let at = next
    for (; at > from; at--) {
      const below = items[at - 1] ?? 0
      if ((keys[below] ?? 0) <= key) break
      items[at] = below
    }
    items[at] = item
  }
}

function merge(
  source: Int32Array,
  target: Int32Array,
  keys: Float64Array,
  from: number,
  middle: number,
  to: number,
): void {
  let left = from
  let right = middle
  for (let at = from; at < to; at++) {
    const takesLeft =
      left < middle && (right >= to || (keys[source[left] ?? 0] ?? 0) <= (keys[source[right] ?? 0] ?? 0))
    target[at] = source[takesLeft ? left++ : right++] ?? 0
  }
}
