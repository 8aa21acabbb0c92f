import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../figure.ts'
import { agentsAtWork } from './agents.ts'

const passes = 20

export interface QuietPass {
  /** Median of a pass. */
  readonly ms: number
  /** Git processes of all twenty passes. */
  readonly processes: number
}

/** Passes in a row over so many known tasks while agents work and nothing moves. */
export async function quietPass(known: number, agents: number): Promise<QuietPass> {
  await using work = await agentsAtWork(known, agents)
  const traces = join(work.folder, 'traces')
  mkdirSync(traces)
  // The first looks at everything that has moved since.
  await work.orch.pass()
  process.env.GIT_TRACE2_EVENT = traces
  const times: number[] = []
  for (let count = 0; count < passes; count++) {
    const begun = performance.now()
    await work.orch.pass()
    times.push(performance.now() - begun)
  }
  delete process.env.GIT_TRACE2_EVENT
  return { ms: median(times), processes: readdirSync(traces).length }
}
