/** Takes numbers out in the order of `compare`. */
export class Heap {
  readonly #items: number[] = []
  readonly #compare: (a: number, b: number) => number

  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare
  }

  get first(): number | undefined {
    return this.#items[0]
  }

  push(item: number): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] ?? 0
      if (this.#compare(item, above) >= 0) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  pop(): number | undefined {
    const items = this.#items
    const [top] = items
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= items.length) break
      const [left = 0, right] = [items[child], items[child + 1]]
      if (right !== undefined && this.#compare(right, left) < 0) child++
      const below = items[child] ?? 0
      if (this.#compare(last, below) <= 0) break
      items[at] = below
      at = child
    }
    items[at] = last
    return top
  }
}
