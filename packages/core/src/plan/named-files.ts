/** Words of a text that are looked up. */
const mostWords = 5_000
/** Letters of a word that may name a file without looking like one. */
const shortest = 4

/** Finds the files and folders of a repository that a text names. */
export class NamedFiles {
  /** Files and folders by the last part of their path, with and without its ending, in lower case. */
  readonly #byName = new Map<string, Set<string>>()

  /** @param files paths from the root of the repository */
  constructor(files: Iterable<string>) {
    const folders = new Set<string>()
    for (const file of files) {
      this.#add(file)
      for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) {
        const folder = file.slice(0, cut)
        if (folders.has(folder)) break
        folders.add(folder)
        this.#add(folder)
      }
    }
  }

  /**
   * The paths that `text` names, in the order in which it does: whole, by their last parts (`auth/login.ts`), or by a word (`login`, `ExportButton`)
   * that only one of them is called. A word that could mean several means none.
   */
  in(text: string): readonly string[] {
    const found = new Set<string>()
    for (const word of text.split(/[\s"'`()<>,;]+/, mostWords)) for (const path of this.#named(word)) found.add(path)
    return [...found]
  }

  #named(word: string): readonly string[] {
    const name = word.replace(/^(?:\.\/|[[{*_])+/, '').replace(/(?::\d+)*[\]}*_.:!?/]*$/, '')
    if (name.length < shortest && !/[/.]/.test(name)) return []
    const wanted = name.toLowerCase()
    const paths = [...(this.#byName.get(lastPart(wanted)) ?? [])]
    const whole = paths.filter((path) => path === name)
    if (whole.length > 0) return whole
    const meant = paths.filter((path) => isEnd(wanted, path.toLowerCase()))
    // A file and its test beside it are one.
    return new Set(meant.map(withoutEnding)).size === 1 ? meant : []
  }

  #add(path: string): void {
    const name = lastPart(path.toLowerCase())
    for (const called of new Set([name, withoutEnding(name)])) {
      const known = this.#byName.get(called)
      if (known === undefined) this.#byName.set(called, new Set([path]))
      else known.add(path)
    }
  }
}

function isEnd(wanted: string, path: string): boolean {
  return [path, withoutEnding(path)].some((one) => one === wanted || one.endsWith(`/${wanted}`))
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Up to the first point of its last part that does not begin it. */
function withoutEnding(path: string): string {
  const point = path.indexOf('.', path.lastIndexOf('/') + 2)
  return point < 0 ? path : path.slice(0, point)
}
