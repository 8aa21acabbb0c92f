import type { Mutation } from './mutation.ts'
import { wrongDecisions } from './mutations/deciding.ts'
import { wrongDoings } from './mutations/doing.ts'
import { wrongLandings } from './mutations/landing.ts'

/** What a loop could do wrong. Each is found by the simulator within 2,000 seeds. */
export const mutations: readonly Mutation[] = [...wrongDecisions, ...wrongLandings, ...wrongDoings]
