import type { Task } from '../model/task.ts'
import { listsOf } from './lists.ts'
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
    const lists: number[][] = this.#kinds.map(() => [])
    for (const [a, one] of this.#kinds.entries()) {
      for (let b = a; b < this.#kinds.length; b++) {
        const other = this.#kinds[b]
        if (other === undefined || this.#excludes(one, other) === null) continue
        lists[a]?.push(b)
        if (a !== b) lists[b]?.push(a)
      }
    }
    return listsOf(lists)
  }

  /** Why two tasks never run together; null when they may. */
  between(task: Task, other: Task): Wait | null {
    const [a, b] = [this.#kinds[this.classOf(task)], this.#kinds[this.classOf(other)]]
    const found = a === undefined || b === undefined ? null : this.#excludes(a, b)
    return found === null ? null : { ...found, task: other.id }
  }

  #excludes(a: Kind, b: Kind): { readonly for: 'overlap' | 'reads'; readonly path: string | null } | null {
    if (this.#rules.alone && (a.writes === null || b.writes === null)) {
      const clashes = (one: Kind) => one.seat || one.writes === null || one.writes.positive.length > 0
      if (clashes(a) && clashes(b)) return { for: 'overlap', path: null }
    }
    const both = meet(a.writes, b.writes)
    if (both !== null) return { for: 'overlap', path: both.path }
    const read = meet(a.reads, b.writes) ?? meet(a.writes, b.reads)
    return read === null ? null : { for: 'reads', path: read.path }
  }
}

function meet(a: Scope | null, b: Scope | null): { readonly path: string | null } | null {
  if (a === null || b === null) return null
  const answer = overlapOf(a, b)
  return answer.is === 'overlap' ? { path: answer.path } : null
}
