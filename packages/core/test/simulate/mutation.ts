/** The loop with one thing changed in its text: everything else of it is the real one. */
export interface Mutation {
  /** What it does wrong. */
  readonly name: string
  /** Below `packages/core/src`. */
  readonly file: string
  /** A text that stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

/** Throws when the file does not hold what is to be changed: the list is older than the loop then. */
export function mutated({ name, file, from, to }: Mutation, source: string): string {
  const parts = source.split(from)
  if (parts.length !== 2) throw new Error(`${name}: ${file} holds ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}
