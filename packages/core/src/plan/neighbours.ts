/**
 * Pairs in which what one begins with begins like the other: two patterns of which that is not so match no common path. In the order of the beginnings, so nothing else is looked at;
 * whoever has enough stops asking.
 */
export function* neighbours<Entry extends { readonly prefix: string }>(
  entries: readonly Entry[],
): Generator<readonly [Entry, Entry]> {
  // Many entries have the same beginning: it is sorted once.
  const alike = new Map<string, Entry[]>()
  for (const entry of entries) {
    const found = alike.get(entry.prefix)
    if (found === undefined) alike.set(entry.prefix, [entry])
    else found.push(entry)
  }
  const sorted = [...alike.keys()].sort().flatMap((prefix) => alike.get(prefix) ?? [])
  for (const [at, one] of sorted.entries()) {
    for (let next = at + 1; next < sorted.length; next++) {
      const other = sorted[next]
      if (other === undefined || !other.prefix.startsWith(one.prefix)) break
      yield [one, other]
    }
  }
}
