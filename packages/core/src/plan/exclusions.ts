import type { Task } from '../model/task.ts'
import { intersections } from './intersections.ts'
import { listAt, listsOf } from './lists.ts'
import { overlapOf } from './overlap.ts'
import type { Wait } from './plan.ts'
import type { Lists } from './project.ts'
import type { Rules } from './rules.ts'
import type { Scope } from './scope.ts'

/** Tasks that exclude the same others: what they may write, what they read, and whether they have a seat where that matters. */
interface Kind {
  readonly writes: Scope | null
  readonly reads: Scope | null
  readonly seat: boolean
}

/** Which tasks never run together, worked out once for each two kinds of tasks rather than for each two tasks. */
export class Exclusions {
  readonly #rules: Rules
  readonly #kinds: Kind[] = []
  readonly #numbers = new Map<Scope | null, Map<Scope | null, [seated: number, seatless: number]>>()

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /**
   * The class of a task; -1 when it excludes nobody.
   * @param works it runs, rather than only keep its files
   */
  classOf(task: Task, works = true): number {
    const { alone } = this.#rules
    const writes = this.#rules.scope(task)
    const reads = this.#rules.reads(task)
    const seat = alone && works && this.#rules.seat(task)
    const free = writes === null ? !alone : writes.positive.length === 0
    if (free && reads === null && !seat) return -1
    const row = this.#numbers.get(writes) ?? new Map<Scope | null, [number, number]>()
    this.#numbers.set(writes, row)
    const cell = row.get(reads) ?? [-1, -1]
    row.set(reads, cell)
    const column = seat ? 0 : 1
    if (cell[column] < 0) cell[column] = this.#kinds.push({ writes, reads, seat }) - 1
    return cell[column]
  }

  /** For each class those that it excludes. */
  lists(): Lists {
    const scopes = new Map<Scope, number>()
    const number = (scope: Scope | null): number => {
      if (scope === null) return -1
      const known = scopes.get(scope) ?? scopes.size
      scopes.set(scope, known)
      return known
    }
    const kinds = this.#kinds.map(({ writes, reads }) => ({ writes: number(writes), reads: number(reads) }))
    const meeting = intersections([...scopes.keys()])
    const writers: number[][] = Array.from(scopes, () => [])
    const readers: number[][] = Array.from(scopes, () => [])
    for (const [index, { writes, reads }] of kinds.entries()) {
      writers[writes]?.push(index)
      readers[reads]?.push(index)
    }
    const lists = kinds.map(({ writes, reads }, index): readonly number[] => {
      const found = new Set<number>()
      const add = (others: Iterable<number>) => {
        for (const other of others) found.add(other)
      }
      for (const scope of writes < 0 ? [] : listAt(meeting, writes)) {
        add(writers[scope] ?? [])
        add(readers[scope] ?? [])
      }
      for (const scope of reads < 0 ? [] : listAt(meeting, reads)) add(writers[scope] ?? [])
      if (this.#rules.alone) add(this.#againstUnknown(index))
      return [...found].sort((a, b) => a - b)
    })
    return listsOf(lists)
  }

  /** A task of which nobody knows what it writes is kept apart from agents and from files that are written. */
  #againstUnknown(index: number): readonly number[] {
    const own = this.#kinds[index]
    if (own === undefined || !clashes(own)) return []
    const others = [...this.#kinds.entries()].filter(([, other]) => own.writes === null || other.writes === null)
    return others.filter(([, other]) => clashes(other)).map(([other]) => other)
  }

  /** Why two tasks never run together; null when they may. */
  between(task: Task, other: Task): Wait | null {
    const [a, b] = [this.#kinds[this.classOf(task)], this.#kinds[this.classOf(other)]]
    const found = a === undefined || b === undefined ? null : this.#excludes(a, b)
    return found === null ? null : { ...found, task: other.id }
  }

  #excludes(a: Kind, b: Kind): { readonly for: 'overlap' | 'reads'; readonly path: string | null } | null {
    if (this.#rules.alone && (a.writes === null || b.writes === null)) {
      if (clashes(a) && clashes(b)) return { for: 'overlap', path: null }
    }
    const both = meet(a.writes, b.writes)
    if (both !== null) return { for: 'overlap', path: both.path }
    const read = meet(a.reads, b.writes) ?? meet(a.writes, b.reads)
    return read === null ? null : { for: 'reads', path: read.path }
  }
}

function clashes({ seat, writes }: Kind): boolean {
  return seat || writes === null || writes.positive.length > 0
}

function meet(a: Scope | null, b: Scope | null): { readonly path: string | null } | null {
  if (a === null || b === null) return null
  const answer = overlapOf(a, b)
  return answer.is === 'overlap' ? { path: answer.path } : null
}
