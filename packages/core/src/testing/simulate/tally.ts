import { checkMishaps } from './agents.ts'
import { misconducts } from './conduct.ts'
import { actionNames } from './coverage.ts'
import {
  callFaults,
  hintFaults,
  hostFaults,
  landingFaults,
  readFaults,
  remoteFaults,
  verifyingFaults,
} from './mishaps.ts'
import { deedNames } from './people.ts'
import { playSeed } from './play.ts'
import { reviewMishaps } from './review-conduct.ts'
import { rows } from './rows.ts'
import type { Violation } from './world.ts'

/** What came of many seeds. Plain data. */
export interface Tally {
  readonly runs: number
  /** Things that happened one after the other, over all runs. */
  readonly steps: number
  readonly violations: readonly (Violation & { readonly seed: number })[]
  /** How often each row of the recovery table was met, the rows that never were included. */
  readonly rows: Readonly<Record<string, number>>
  /** How often each action was decided, those that never were included. */
  readonly actions: Readonly<Record<string, number>>
  /** How often each fault came, and each thing that agents and people do, those that never did included. */
  readonly faults: Readonly<Record<string, number>>
}

export interface SeedsOptions {
  /** The first seed. */
  readonly first: number
  readonly runs: number
  /** From one seed to the next. Default 1. */
  readonly stride?: number
  /** Ends after the first seed that breaks an invariant. Default false. */
  readonly untilViolation?: boolean
}

/** Plays seeds one after the other. */
export async function playSeeds({ first, runs, stride = 1, untilViolation = false }: SeedsOptions): Promise<Tally> {
  const tallies: Tally[] = [none]
  for (let run = 0, seed = first; run < runs; run++, seed += stride) {
    const { steps, violation, coverage, mishaps } = await playSeed(seed)
    tallies.push({
      runs: 1,
      steps,
      violations: violation === null ? [] : [{ seed, ...violation }],
      rows: Object.fromEntries(coverage.rows),
      actions: Object.fromEntries(coverage.actions),
      faults: Object.fromEntries(mishaps),
    })
    if (tallies.length === 100) tallies.splice(0, 100, joined(tallies))
    if (untilViolation && violation !== null) break
  }
  return joined(tallies)
}

const none: Tally = {
  runs: 0,
  steps: 0,
  violations: [],
  rows: Object.fromEntries(rows.map((row) => [row, 0])),
  actions: Object.fromEntries(actionNames.map((action) => [action, 0])),
  faults: Object.fromEntries(
    [
      ...callFaults,
      ...readFaults,
      ...landingFaults,
      ...verifyingFaults,
      ...remoteFaults,
      ...hostFaults,
      ...hintFaults,
      ...misconducts,
      ...checkMishaps,
      ...reviewMishaps,
      ...deedNames,
    ].map((name) => [name, 0]),
  ),
}

/** Several in one. */
export function joined(tallies: readonly Tally[]): Tally {
  return {
    runs: sum(tallies.map(({ runs }) => runs)),
    steps: sum(tallies.map(({ steps }) => steps)),
    violations: tallies.flatMap(({ violations }) => violations).sort((a, b) => a.seed - b.seed),
    rows: together(tallies.map(({ rows }) => rows)),
    actions: together(tallies.map(({ actions }) => actions)),
    faults: together(tallies.map(({ faults }) => faults)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

function together(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const each of counts) for (const [name, count] of Object.entries(each)) all[name] = (all[name] ?? 0) + count
  return all
}
