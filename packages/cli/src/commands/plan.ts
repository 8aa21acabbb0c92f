import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { plainTexts } from '../print/plain.ts'

/** Where nobody says how wide, what a page of text holds. */
const usualWidth = 100
/** Tasks that somebody at a terminal can look through. */
const mostTasks = 30

/** `orch plan`. */
export function addPlan(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'plan [file]',
    description:
      'show who may work side by side and why the others wait; with a file, of its tasks and without storing them',
    examples: ['orch plan', 'orch plan tasks.yaml', 'orch plan tasks.yaml --all | less', 'orch plan tasks.yaml --json'],
  })
    .option('--all', 'list every task, also at a terminal')
    .action((file: string | undefined, options: { readonly all?: boolean }, called: Command) =>
      reply(called, async (call) => {
        const { planned } = await import('../planned.ts')
        const { plan } = await planned(call, file)
        const { drawPlan } = await import('@orch/core/plan')
        return {
          json: plan,
          text: ({ width, style }) =>
            drawPlan(plainTexts(plan), {
              width: width ?? usualWidth,
              color: style('bold', '') !== '',
              ...(width === null || options.all === true ? {} : { most: mostTasks, hint: '--all shows them' }),
            }),
        }
      }),
    )
}
