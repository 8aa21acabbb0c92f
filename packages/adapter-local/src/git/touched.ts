import type { Objects } from './objects.ts'

/**
 * Folders of which a move from one commit to another writes or takes away something: empty for the top, otherwise ending in `/`, one
 * character per byte. Trees are never read twice, so after a landing only what it changed is read.
 */
export async function touchedFolders(objects: Objects, from: string, to: string): Promise<readonly string[]> {
  const touched: string[] = []
  const top = await Promise.all([from, to].map(async (oid) => (await objects.commit(oid))?.tree))
  let level: readonly Pair[] = [{ folder: '', trees: [top[0], top[1]] }]
  while (level.length > 0) {
    const differing = level.filter(({ trees: [before, after] }) => before !== after)
    touched.push(...differing.map(({ folder }) => folder))
    const trees = differing.flatMap((pair) => pair.trees.filter((tree) => tree !== undefined))
    const outlines = await objects.outlines(trees)
    level = differing.flatMap(({ folder, trees }) => {
      const [before, after] = trees.map(
        (tree) => new Map(tree === undefined ? [] : (outlines.get(tree)?.folders ?? [])),
      )
      const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
      return [...names].map(
        (name): Pair => ({ folder: `${folder}${name}/`, trees: [before?.get(name), after?.get(name)] }),
      )
    })
  }
  return touched
}

interface Pair {
  readonly folder: string
  /** Before and after; undefined where there is no such folder. */
  readonly trees: readonly [string | undefined, string | undefined]
}
