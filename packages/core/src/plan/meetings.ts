import { decidedClasses, type ScopeClasses } from './intersections.ts'
import type { Scope } from './scope.ts'

/** Which scopes meet, for who asks again and again: as long as scopes only leave, those that stay are not compared anew. */
export class Meetings {
  #known: { readonly classes: ReadonlyMap<Scope, number>; readonly excludes: ScopeClasses['excludes'] } | null = null

  /** The same as `intersectionClasses`. */
  classes(scopes: readonly Scope[]): ScopeClasses {
    return this.#some(scopes) ?? this.#all(scopes)
  }

  #all(scopes: readonly Scope[]): ScopeClasses {
    const { decided, classes, excludes } = decidedClasses(scopes)
    // What nobody could tell among many may be told among few.
    this.#known = decided
      ? { classes: new Map(scopes.map((scope, index) => [scope, classes[index] ?? -1])), excludes }
      : null
    return { classes, excludes }
  }

  /** Null when one of them is not known. */
  #some(scopes: readonly Scope[]): ScopeClasses | null {
    if (this.#known === null) return null
    const { classes: known, excludes } = this.#known
    /** Those of the known classes that are left, in the order of the scopes, and the place of each there. */
    const left: number[] = []
    const places = new Int32Array(excludes.at.length - 1).fill(-1)
    const classes = new Int32Array(scopes.length)
    for (let index = 0; index < scopes.length; index++) {
      const scope = scopes[index]
      const found = scope === undefined ? undefined : known.get(scope)
      if (found === undefined) return null
      if (found >= 0 && places[found] === -1) places[found] = left.push(found) - 1
      classes[index] = found < 0 ? -1 : (places[found] ?? -1)
    }
    const rows = left.map((found) => {
      const row: number[] = []
      for (let at = excludes.at[found] ?? 0; at < (excludes.at[found + 1] ?? 0); at++) {
        const place = places[excludes.items[at] ?? 0] ?? -1
        if (place >= 0) row.push(place)
      }
      return row.sort((a, b) => a - b)
    })
    return joined(rows, classes)
  }
}

/** Those that were told apart by what has left are one class now. */
function joined(rows: readonly (readonly number[])[], places: Int32Array): ScopeClasses {
  const firsts: number[] = []
  const byRow = new Map<string, number>()
  const joins = rows.map((row, place) => {
    // Whoever met the same would be met, too.
    if (row.length === 1 && row[0] === place) return firsts.push(place) - 1
    const key = row.join()
    const found = byRow.get(key) ?? firsts.push(place) - 1
    byRow.set(key, found)
    return found
  })
  const at = new Int32Array(firsts.length + 1)
  const items: number[] = []
  for (let index = 0; index < firsts.length; index++) {
    for (const other of rows[firsts[index] ?? 0] ?? []) {
      const met = joins[other] ?? -1
      if (firsts[met] === other) items.push(met)
    }
    at[index + 1] = items.length
  }
  return { classes: places.map((place) => joins[place] ?? -1), excludes: { at, items: Int32Array.from(items) } }
}
