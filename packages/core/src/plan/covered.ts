import type { Glob } from '../model/task.ts'
import { fold } from './charset.ts'
import { matcherOf, type ScopeOptions, scopeOf } from './scope.ts'

/** Files in an order in which those that a scope covers are found without a look at all the others. */
export class FileIndex {
  readonly #options: ScopeOptions
  readonly #files: readonly { readonly file: string; readonly key: string }[]

  constructor(files: Iterable<string>, options: ScopeOptions) {
    this.#options = options
    this.#files = [...files]
      .map((file) => ({ file, key: this.#keyOf(file) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }

  /** Those of the files that a scope covers. */
  covered(globs: readonly Glob[]): ReadonlySet<string> {
    const found = new Set<string>()
    const covers = matcherOf(globs, this.#options)
    for (const { prefix } of scopeOf(globs, this.#options).positive) {
      for (let at = this.#first(prefix); at < this.#files.length; at++) {
        const { file, key } = this.#files[at] ?? { file: '', key: '' }
        if (!key.startsWith(prefix)) break
        if (!found.has(file) && covers(file)) found.add(file)
      }
    }
    return found
  }

  #keyOf(file: string): string {
    const normal = file.normalize('NFC')
    return this.#options.caseSensitive === false ? fold(normal) : normal
  }

  /** The first of those that may begin with `prefix`. */
  #first(prefix: string): number {
    let [low, high] = [0, this.#files.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#files[middle]?.key ?? '') < prefix) low = middle + 1
      else high = middle
    }
    return low
  }
}
