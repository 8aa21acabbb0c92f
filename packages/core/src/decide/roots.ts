import type { Oid } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'

/** A landing while changes waited in other lanes. */
export interface LaneLanding {
  readonly from: Oid
  readonly to: Oid
  /** Those that landed, the first one first. */
  readonly tasks: readonly TaskId[]
  /** The heads that waited in other lanes then: it has nothing to do with them, whatever they are built on. */
  readonly others: readonly Oid[]
}

/** What a train may stand on: the target, or where that was before others landed beside it. */
export interface Root {
  readonly at: Oid
  /** What has landed there since, the first one first. */
  readonly beside: readonly TaskId[]
  /** The heads that all of that has nothing to do with; null: nothing has landed since. */
  readonly heads: ReadonlySet<Oid> | null
}

/** The target first, then backwards as far as every move of it was such a landing. */
export function rootsOf(landings: readonly LaneLanding[], target: Oid): readonly [Root, ...Root[]] {
  const roots: [Root, ...Root[]] = [{ at: target, beside: [], heads: null }]
  for (let [last] = roots; ; ) {
    const { at, beside, heads } = last
    const before = landings.findLast(({ to }) => to === at)
    if (before === undefined || roots.some((root) => root.at === before.from)) return roots
    const others = before.others.filter((head) => heads === null || heads.has(head))
    if (others.length === 0) return roots
    last = { at: before.from, beside: [...before.tasks, ...beside], heads: new Set(others) }
    roots.push(last)
  }
}
