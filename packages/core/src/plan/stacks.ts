import type { TaskId } from '../model/task.ts'

/** Which branches build on which, of the tasks in flight. */
export interface Stacks {
  /** Tasks whose work is done and waits to land: another may start on their branch. */
  readonly finished: ReadonlySet<TaskId>
  /** The task itself and all whose changes its branch holds beside its own, and that have not landed; itself alone for one that is not named. */
  readonly chains: ReadonlyMap<TaskId, readonly TaskId[]>
}

export const noStacks: Stacks = { finished: new Set(), chains: new Map() }

export function chainOf({ chains }: Stacks, id: TaskId): readonly TaskId[] {
  return chains.get(id) ?? [id]
}

/** One of the two builds on the other: they may hold the same files. */
export function areStacked(stacks: Stacks, one: TaskId, other: TaskId): boolean {
  return chainOf(stacks, one).includes(other) || chainOf(stacks, other).includes(one)
}

/** The finished task whose branch holds the changes of all of `needed`; undefined when there is none. */
export function topOf(stacks: Stacks, needed: readonly TaskId[]): TaskId | undefined {
  return needed.find((id) => stacks.finished.has(id) && needed.every((other) => chainOf(stacks, id).includes(other)))
}
