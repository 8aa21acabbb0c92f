import type { PlanPolicy } from '@orch/core'
import type { Command } from 'commander'
import type { Call } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import { plainTexts } from '../print/plain.ts'

/** Where nobody says how wide, what a page of text holds. */
const usualWidth = 100

/** `orch plan`. */
export function addPlan(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'plan [file]',
    description:
      'show who may work side by side and why the others wait; with a file, of its tasks and without storing them',
    examples: ['orch plan', 'orch plan tasks.yaml', 'orch plan tasks.yaml --json'],
  }).action((file: string | undefined, _options: object, called: Command) =>
    reply(called, async (call) => {
      const plan = file === undefined ? await storedPlan(call) : await filePlan(call, file)
      const { drawPlan } = await import('@orch/core/plan')
      return {
        json: plan,
        text: (look) =>
          drawPlan(plainTexts(plan), { width: look.width ?? usualWidth, color: look.style('bold', '') !== '' }),
      }
    }),
  )
}

async function storedPlan(call: Call) {
  const { open } = await import('../open.ts')
  await using opened = await open(call)
  return await opened.orchestrator.plan()
}

async function filePlan(call: Call, file: string) {
  const { readTasks } = await import('../task-file.ts')
  const tasks = await readTasks({ file, directory: call.directory })
  const { taskOf } = await import('@orch/core')
  const { planTasks } = await import('@orch/core/plan')
  return planTasks(
    tasks.map((task) => taskOf(task)),
    await planPolicy(call),
  )
}

/** The limits that this repository has; outside of one, the defaults: a plan needs no repository. */
async function planPolicy(call: Call): Promise<PlanPolicy> {
  const { findRepository } = await import('@orch/adapter-local')
  const { OrchError } = await import('@orch/core')
  const { loadConfiguration } = await import('../configuration/load.ts')
  let root = call.directory
  try {
    root = (await findRepository(call.directory)).root
  } catch (error) {
    if (!OrchError.is(error) || error.code !== 'not-a-repository') throw error
  }
  const { configuration } = await loadConfiguration({ directory: call.directory, root })
  return configuration.policy ?? {}
}
