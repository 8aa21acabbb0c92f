/** One measured value under a stable id. */
export interface Figure {
  readonly bench: string
  readonly figure: string
  readonly value: number
  readonly unit: 'ratio' | '/s' | '/min' | 'µs' | 'ms' | 's' | 'MB' | 'kB' | 'count' | '%'
  /** What the value should be at most, `landed…` and `live-…` at least; null where we only want to know. */
  readonly goal: number | null
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]]
  return (low + high) / 2
}

/** The median of the ratios of the rounds. */
export function medianRatio(times: readonly number[], base: readonly number[]): number {
  return median(times.map((time, round) => time / (base[round] ?? Number.NaN)))
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
