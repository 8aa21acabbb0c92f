import type { Task } from '../model/task.ts'
import { intersectionClasses, type ScopeClasses } from './intersections.ts'
import { listAt } from './lists.ts'
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

/** What `kindOf` numbers, in classes. */
export interface Classes {
  /** The class of each kind; -1: it excludes nobody. */
  readonly of: Int32Array
  readonly excludes: Lists
}

/** Which tasks never run together, worked out for kinds of tasks rather than for each two tasks. */
export class Exclusions {
  readonly #rules: Rules
  readonly #kinds: Kind[] = []
  #classes: Classes | null = null
  /** By what they read, and then by what they may write: few read anything that matters. */
  readonly #seated = new Map<Scope | null, Map<Scope | null, number>>()
  readonly #seatless = new Map<Scope | null, Map<Scope | null, number>>()
  readonly #classesOf: (scopes: readonly Scope[]) => ScopeClasses

  /** @param classesOf which scopes meet */
  constructor(rules: Rules, classesOf = intersectionClasses) {
    this.#rules = rules
    this.#classesOf = classesOf
  }

  /**
   * The kind of a task; -1 when it excludes nobody.
   * @param works it runs, rather than only keep its files
   */
  kindOf(task: Task, works = true): number {
    const { alone } = this.#rules
    const writes = this.#rules.scope(task)
    const reads = this.#rules.reads(task)
    const seat = alone && works && this.#rules.seat(task)
    const free = writes === null ? !alone : writes.positive.length === 0
    if (free && reads === null && !seat) return -1
    const numbers = seat ? this.#seated : this.#seatless
    const row = numbers.get(reads) ?? new Map<Scope | null, number>()
    if (row.size === 0) numbers.set(reads, row)
    const known = row.get(writes)
    if (known !== undefined) return known
    const number = this.#kinds.push({ writes, reads, seat }) - 1
    row.set(writes, number)
    this.#classes = null
    return number
  }

  /** The classes of all kinds of tasks that were asked for, and for each class those that it excludes. */
  classes(): Classes {
    this.#classes ??= this.#sort()
    return this.#classes
  }

  #sort(): Classes {
    // Those of what they write, where nothing else keeps them apart.
    if (!this.#rules.alone && this.#kinds.every(({ reads }) => reads === null)) {
      const { classes, excludes } = this.#classesOf(this.#kinds.flatMap(({ writes }) => writes ?? []))
      return { of: classes, excludes }
    }
    const scopes = new Map<Scope, number>()
    const number = (scope: Scope | null): number => {
      if (scope === null) return -1
      const known = scopes.get(scope) ?? scopes.size
      scopes.set(scope, known)
      return known
    }
    const touched = this.#kinds.map(({ writes, reads }) => ({ writes: number(writes), reads: number(reads) }))
    const meeting = this.#classesOf([...scopes.keys()])
    const groups = new Map<number, Group>()
    const scopesMet = meeting.excludes.at.length
    const of = new Int32Array(this.#kinds.length).fill(-1)
    for (const [index, kind] of this.#kinds.entries()) {
      const writes = meeting.classes[touched[index]?.writes ?? -1] ?? -1
      const reads = meeting.classes[touched[index]?.reads ?? -1] ?? -1
      const unknown = this.#rules.alone && kind.writes === null
      const kept = this.#rules.alone && clashes(kind)
      if (writes < 0 && reads < 0 && !kept) continue
      const key = (((writes + 1) * scopesMet + reads + 1) * 2 + Number(unknown)) * 2 + Number(kept)
      const group = groups.get(key) ?? { index: groups.size, writes, reads, unknown, kept }
      groups.set(key, group)
      of[index] = group.index
    }
    return { of, excludes: excludesOf([...groups.values()], meeting.excludes) }
  }

  /** Why two tasks never run together; null when they may. */
  between(task: Task, other: Task): Wait | null {
    const [a, b] = [this.#kinds[this.kindOf(task)], this.#kinds[this.kindOf(other)]]
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

/** Kinds of tasks that exclude the same others. */
interface Group {
  readonly index: number
  /** Classes of scopes; -1: none that meets any. */
  readonly writes: number
  readonly reads: number
  /** Nobody knows what it writes, and that matters. */
  readonly unknown: boolean
  /** It is kept apart from such. */
  readonly kept: boolean
}

function excludesOf(groups: readonly Group[], meeting: Lists): Lists {
  const scopes = meeting.at.length - 1
  const writers: number[][] = Array.from({ length: scopes }, () => [])
  const readers: number[][] = Array.from({ length: scopes }, () => [])
  for (const { index, writes, reads } of groups) {
    writers[writes]?.push(index)
    readers[reads]?.push(index)
  }
  const at = new Int32Array(groups.length + 1)
  const items: number[] = []
  const foundBy = new Int32Array(groups.length).fill(-1)
  const found = new Int32Array(groups.length)
  for (const { index: own, writes, reads, unknown, kept } of groups) {
    let count = 0
    const add = (others: readonly number[] = []): void => {
      for (const other of others) {
        if (foundBy[other] === own) continue
        foundBy[other] = own
        found[count++] = other
      }
    }
    for (const scope of writes < 0 ? [] : listAt(meeting, writes)) {
      add(writers[scope])
      add(readers[scope])
    }
    for (const scope of reads < 0 ? [] : listAt(meeting, reads)) add(writers[scope])
    if (kept) add(groups.filter((other) => other.kept && (unknown || other.unknown)).map(({ index }) => index))
    if (count > 1) found.subarray(0, count).sort()
    for (let place = 0; place < count; place++) items.push(found[place] ?? 0)
    at[own + 1] = items.length
  }
  return { at, items: new Int32Array(items) }
}

function clashes({ seat, writes }: Kind): boolean {
  return seat || writes === null || writes.positive.length > 0
}

function meet(a: Scope | null, b: Scope | null): { readonly path: string | null } | null {
  if (a === null || b === null) return null
  const answer = overlapOf(a, b)
  return answer.is === 'overlap' ? { path: answer.path } : null
}
