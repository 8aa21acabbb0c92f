import type { NewTask } from '@orch/core'

/** Eight tasks with everything in them that a plan has to cope with. */
export const tasks: readonly NewTask[] = [
  // Three that have nothing to do with each other.
  { id: 'length', title: 'Convert lengths', writes: ['src/length.ts', 'test/length.test.ts'], minutes: 20 },
  { id: 'weight', title: 'Convert weights', writes: ['src/weight.ts', 'test/weight.test.ts'], minutes: 20 },
  { id: 'docs', title: 'Describe the project', writes: ['README.md'], minutes: 10 },
  // Two that write the same file: never at the same time.
  { id: 'round', title: 'Round when formatting', writes: ['src/format.ts', 'test/round.test.ts'], minutes: 15 },
  { id: 'sign', title: 'Show the sign when formatting', writes: ['src/format.ts', 'test/sign.test.ts'], minutes: 15 },
  // A chain. The first attempt at `parse` crashes after a commit called "wip".
  { id: 'parse', title: 'Parse measures', writes: ['src/parse.ts', 'test/parse.test.ts'], minutes: 25 },
  {
    id: 'sum',
    title: 'Add up parsed measures',
    writes: ['src/sum.ts', 'test/sum.test.ts'],
    dependsOn: ['parse'],
    minutes: 15,
  },
  // One that needs a decision.
  {
    id: 'currency',
    title: 'Write amounts of money',
    writes: ['src/currency.ts', 'test/currency.test.ts'],
    minutes: 20,
  },
]
