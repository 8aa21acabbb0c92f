/** The one of `names` that `text` was probably meant to be; null when none is near. */
export function nearest(text: string, names: readonly string[]): string | null {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(text)
  if (wanted === '' || wanted.length > 40) return null
  let best: string | null = null
  let fewest = Math.min(3, Math.floor(wanted.length / 3) + 1)
  for (const name of names) {
    const edits = distance(wanted, plain(name))
    if (edits < fewest || (edits === fewest && best === null && edits < wanted.length)) {
      best = name
      fewest = edits
    }
  }
  return best
}

/** Characters to insert, delete or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replace = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
