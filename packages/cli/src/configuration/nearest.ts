/** The name of `known` that `given` was probably meant to be, or null when none is near. */
export function nearest(given: string, known: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(given.length / 3))
  let best: { name: string; distance: number } | null = null
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best === null ? null : best.name
}

/** Letters to insert, delete, replace or swap with their neighbour to turn `from` into `to`. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = []
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let row = 0; row <= from.length; row++) {
    const line: number[] = []
    rows.push(line)
    for (let column = 0; column <= to.length; column++) {
      if (row === 0 || column === 0) {
        line.push(row + column)
        continue
      }
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      let least = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + same)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) least = Math.min(least, at(row - 2, column - 2) + 1)
      line.push(least)
    }
  }
  return at(from.length, to.length)
}
