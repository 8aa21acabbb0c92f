const steps = [1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 300, 480, 600, 720, 960, 1440]

/** Minutes at which a time axis is marked: round numbers from 0, at most `most` of them. */
export function ticks(makespan: number, most: number): number[] {
  if (!(makespan > 0) || most < 2) return [0]
  let step = steps.find((one) => makespan / one <= most - 1) ?? 1440
  while (makespan / step > most - 1) step *= 2
  return Array.from({ length: Math.floor(makespan / step) + 1 }, (_, index) => index * step)
}
