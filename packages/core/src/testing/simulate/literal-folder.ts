/** The part of a pattern before its first wildcard, up to a whole name: `src/a` of `src/a/*.ts`. */
export function literalFolder(glob: string): string {
  const wild = glob.search(/[*?[{!(]/)
  if (wild === -1) return glob
  return glob.slice(0, wild).replace(/\/?[^/]*$/, '')
}
