import { expect } from 'vitest'
import { type Outcome, outcomeOf } from './outcome.ts'
import { type Stage, settingOf } from './stage.ts'
import type { Story } from './stories.ts'

export interface Told {
  readonly make: () => Stage
  /** What it comes to when nobody is killed. */
  readonly calm: Outcome
}

const told = new Map<Story, Promise<Told>>()

export function tell(story: Story): Promise<Told> {
  const known = told.get(story) ?? first(story)
  told.set(story, known)
  return known
}

async function first(story: Story): Promise<Told> {
  const make = await settingOf(story)
  return { make, calm: (await play(story, make, [])).outcome }
}

/** Plays the story; kills its first command at each of the places in turn, and then lets it come to its end. `missed`: those that it did not get to. */
export async function play(
  { before, meanwhile, does = [['run']], inAnyOrder = false }: Story,
  make: () => Stage,
  kills: readonly string[],
): Promise<{ readonly missed: readonly string[]; readonly outcome: Outcome }> {
  using stage = make()
  await before?.(stage)
  const person = meanwhile?.(stage)
  const missed: string[] = []
  for (const kill of kills) if ((await stage.orch(does[0] ?? [], kill)).exit !== -1) missed.push(kill)
  const exits: number[] = []
  for (const words of does) exits.push((await stage.orch(words)).exit)
  await person
  return { missed, outcome: { exits, ...outcomeOf(stage, inAnyOrder) } }
}

/** The same end as if nobody had been killed; more may be kept than would be otherwise. */
export function expectSame(outcome: Outcome, calm: Outcome): void {
  expect(outcome).toEqual({ ...calm, kept: outcome.kept })
  expect(outcome.kept).toEqual(expect.arrayContaining([...calm.kept]))
}
