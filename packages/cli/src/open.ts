import { findRepository } from '@orch/adapter-local'
import type { Call } from './answer.ts'
import type { Choices, Opened } from './assembly.ts'

/** The orchestrator of the repository that the command is called in, as its configuration says, on ports that end with it. */
export async function open(call: Call, choices: Choices = {}): Promise<Opened> {
  const finding = findRepository(call.directory)
  // Git works while we are loading what its answer is for.
  const [here, { assemble }] = await Promise.all([finding, import('./assembly.ts')])
  return assemble(call, here, choices)
}
