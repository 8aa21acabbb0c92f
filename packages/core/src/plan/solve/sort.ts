const run = 12

/** Sorts `items` by their keys, the least first; those with equal keys stay as they lie. */
export function sortBy(items: Int32Array, keys: Float64Array): void {
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
