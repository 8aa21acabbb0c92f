const units = [
  { letter: 'd', ms: 86_400_000 },
  { letter: 'h', ms: 3_600_000 },
  { letter: 'm', ms: 60_000 },
] as const

/** `12s`, `45m`, `3h`, `2d`: the greatest unit that is full. */
export function shortDuration(ms: number): string {
  const unit = units.find((one) => ms >= one.ms)
  if (unit) return `${Math.floor(ms / unit.ms)}${unit.letter}`
  return `${Math.max(0, Math.floor(ms / 1000))}s`
}

/** The time since `iso`, or nothing when it is not known. `now` in milliseconds since 1970. */
export function age(iso: string | null, now: number): string {
  const then = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isNaN(then) ? '' : shortDuration(now - then)
}

/** `0:07`, `12:30`, `1:02:03`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
