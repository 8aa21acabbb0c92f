import { unusable } from './engine.ts'

/** A value that nobody can change, because what is kept here is handed out again. */
export function parse<T>(text: string, what: string, file: string): T {
  try {
    return JSON.parse(text, (_key, part) => Object.freeze(part))
  } catch (cause) {
    throw unusable('store-damaged', file, `holds ${what} that is no JSON`, cause)
  }
}

/** The parsed values of rows, by id and text, so that a row that did not change is not parsed again. It only saves work. */
export class ParsedRows<T> {
  #known = new Map<string, { readonly text: string; readonly value: T }>()

  /** The value of every row, each made by `make` unless the same text was there the last time. Forgets all others. */
  map<Row extends { readonly id: string }>(
    rows: readonly Row[],
    text: (row: Row) => string,
    make: (row: Row) => T,
  ): readonly T[] {
    const next = new Map<string, { readonly text: string; readonly value: T }>()
    for (const row of rows) {
      const before = this.#known.get(row.id)
      next.set(row.id, before?.text === text(row) ? before : { text: text(row), value: make(row) })
    }
    this.#known = next
    return Object.freeze([...next.values()].map(({ value }) => value))
  }
}

/** The last snapshot, as long as the database's own counter says that it is the present one. */
export class Snapshot<T> {
  #last: { readonly at: string; readonly value: T } | null = null

  at(counter: string, make: () => T): T {
    if (this.#last?.at !== counter) this.#last = { at: counter, value: make() }
    return this.#last.value
  }
}
