/** Lists of numbers for each of `size` things: those of `index` are `items` from `at[index]` to before `at[index + 1]`. */
export interface Lists {
  readonly at: Int32Array
  readonly items: Int32Array
}

/**
 * A resource-constrained project in numbers alone, which is all that placing in time needs. Tasks, resources and classes are indexes
 * from 0.
 */
export interface Project {
  /** How many tasks there are. */
  readonly size: number
  /** How long each takes, in minutes; at least 0. */
  readonly minutes: Float64Array
  /** What each waits for, without doubles. */
  readonly before: Lists
  /** The same the other way round. */
  readonly after: Lists
  /** Every task after all that it waits for. What waits in a circle is not in it, and cannot be placed. */
  readonly order: Int32Array
  /** Units that there are of each resource. No task demands more than that. */
  readonly capacities: Float64Array
  /** The resources that each task takes while it runs, without doubles. */
  readonly demands: Lists
  /** How many units, in step with `demands.items`; above 0. */
  readonly units: Float64Array
  /** The class of each task; -1: it excludes nobody. Tasks of one class exclude the same classes. */
  readonly classes: Int32Array
  /** Which classes never run together, symmetric; a class may exclude itself. */
  readonly excludes: Lists
  /** Lower goes first, whatever that costs. */
  readonly priority: Float64Array
  /** Ties: the place of each task when all are sorted by id. No two are equal. */
  readonly rank: Int32Array
  /**
   * Tasks that run already: they start at 0, whatever they take or exclude. Their `minutes` are what is left. Capacities may be exceeded by them
   * alone, then nobody else gets a unit before there is one.
   */
  readonly begun: Int32Array
}

/** When each task starts, in minutes. */
export interface Timetable {
  readonly start: Float64Array
  readonly makespan: number
}
