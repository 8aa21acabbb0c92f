import { type Figure, median } from '../figure.ts'
import { checksPerLanding, fewestChecks } from './checks.ts'
import { landingsPerMinute } from './throughput.ts'

const rounds = 3
const changes = 40
const longest = 8

/** Trains beside landing one by one, and how many runs of the checks a landed change costs. */
export async function trains(): Promise<readonly Figure[]> {
  const speeds: Record<'alone' | 'together', number[]> = { alone: [], together: [] }
  for (let round = 1; round <= rounds; round++) {
    speeds.alone.push(await landingsPerMinute({ changes, train: 1 }))
    speeds.together.push(await landingsPerMinute({ changes, train: longest }))
    const last = [speeds.alone.at(-1), speeds.together.at(-1)].map((speed = 0) => Math.round(speed))
    console.error(`landings per minute, round ${round} of ${rounds}: ${last[0]} one by one, ${last[1]} in trains`)
  }
  const figure = (name: string, value: number, unit: Figure['unit']): Figure => ({
    bench: 'landing',
    figure: name,
    value,
    unit,
    goal: null,
  })
  const figures = [
    figure('landings-per-minute', median(speeds.alone), '/min'),
    figure('landings-per-minute-train-8', median(speeds.together), '/min'),
  ]
  const slow = { changes: 12, train: 1, check: 'sleep 1' }
  figures.push(figure('landings-per-minute-1s', await landingsPerMinute(slow), '/min'))
  figures.push(figure('landings-per-minute-1s-lanes-4', await landingsPerMinute({ ...slow, lanes: 4 }), '/min'))
  for (const percent of [0, 5, 20]) {
    const guilty = percent / 100
    figures.push(figure(`checks-per-landing-${percent}`, await checksPerLanding({ guilty, longest }), 'count'))
    figures.push(figure(`checks-per-landing-${percent}-minimum`, fewestChecks({ guilty, longest }), 'count'))
  }
  return figures
}
