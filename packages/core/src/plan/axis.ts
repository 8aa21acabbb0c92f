import { ticks } from './ticks.ts'

/** The columns that a number takes on the axis, and what keeps it from the next. */
const perTick = 7

/** Which column a time has on a scale of `width` columns. */
export function columnOf(time: number, makespan: number, width: number): number {
  return makespan > 0 ? Math.round((time / makespan) * width) : 0
}

/** The minutes above the bars, each at the column where it begins; empty where there is no room or no time. */
export function axisOf(makespan: number, width: number): string {
  let line = ''
  for (const at of ticks(makespan, Math.floor(width / perTick))) {
    const text = at === 0 ? '0 min' : String(at)
    const column = columnOf(at, makespan, width)
    if (column + text.length <= width) line = `${line.padEnd(column)}${text}`
  }
  return makespan > 0 && width >= 2 * perTick ? line : ''
}
