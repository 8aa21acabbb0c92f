/**
 * The sets of more than one member in which everything leads to everything else (Tarjan 1972), each ascending, by their first member.
 * Without recursion: chains can be long.
 * @param from members below this are left out
 */
export function components(edges: readonly (readonly number[])[], from = 0): number[][] {
  const order = new Int32Array(edges.length).fill(-1)
  const low = new Int32Array(edges.length)
  const pending = new Uint8Array(edges.length)
  const members: number[] = []
  const out: number[][] = []
  let count = 0
  const enter = (index: number) => {
    order[index] = low[index] = count++
    pending[index] = 1
    members.push(index)
    return { index, next: 0 }
  }
  for (let root = from; root < edges.length; root++) {
    if (order[root] !== -1) continue
    const stack = [enter(root)]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { index } = top
      const on = edges[index]?.[top.next++]
      if (on !== undefined) {
        if (on < from) continue
        if (order[on] === -1) stack.push(enter(on))
        else if (pending[on] === 1) low[index] = Math.min(low[index] ?? 0, order[on] ?? 0)
        continue
      }
      stack.pop()
      const below = stack.at(-1)
      if (below !== undefined) low[below.index] = Math.min(low[below.index] ?? 0, low[index] ?? 0)
      if (low[index] !== order[index]) continue
      const component = members.splice(members.lastIndexOf(index))
      for (const member of component) pending[member] = 0
      if (component.length > 1) out.push(component.sort((a, b) => a - b))
    }
  }
  return out.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}
