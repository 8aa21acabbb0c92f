import type { Glob } from '../model/task.ts'
import { matcherOf, type ScopeOptions } from './scope.ts'

export interface CommonFilesOptions extends ScopeOptions {
  /** Files to name at most. Default 20. All are counted. */
  readonly most?: number
}

/** Files that two scopes share. */
export interface CommonFiles {
  readonly count: number
  /** The first of them, in the order in which they were given. */
  readonly files: readonly string[]
}

/**
 * Weighs an overlap against the files that there are: which of `files` are in both scopes. None does not mean that the scopes are
 * disjoint: both tasks may make the same new file; only `overlap` tells.
 * @param files paths from the root of the repository, as from `git ls-files -z`
 */
export function commonFiles(
  a: readonly Glob[],
  b: readonly Glob[],
  files: Iterable<string>,
  options: CommonFilesOptions = {},
): CommonFiles {
  const { most = 20 } = options
  const [inA, inB] = [matcherOf(a, options), matcherOf(b, options)]
  const named: string[] = []
  let count = 0
  for (const file of files) {
    if (!inA(file) || !inB(file)) continue
    if (count++ < most) named.push(file)
  }
  return { count, files: named }
}
