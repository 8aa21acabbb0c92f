import type { Command } from 'commander'
import { addCommand, type Reply, wholeNumber } from '../command.ts'
import { plainTexts } from '../print/plain.ts'
import { scopesText } from '../print/scopes.ts'

/** Where nobody says how wide, what a page of text holds. */
const usualWidth = 100
/** Tasks that somebody at a terminal can look through. */
const mostTasks = 30

interface Options {
  readonly all?: boolean
  readonly maxAgents?: number
  readonly effort?: number
  readonly barriers?: boolean
  readonly history?: boolean
}

/** `orch plan`. */
export function addPlan(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'plan [file]',
    description:
      'show who may work side by side and why the others wait; with a file, of its tasks and without storing them',
    examples: [
      'orch plan',
      'orch plan tasks.yaml --max-agents 5',
      'orch plan tasks.yaml --all | less',
      'orch plan tasks.yaml --history',
      'orch plan tasks.yaml --json',
    ],
  })
    .option('--all', 'list every task, also at a terminal')
    .option('--max-agents <n>', 'plan with this many agents', wholeNumber)
    .option('--effort <n>', 'try this many more plans, and take the shortest', wholeNumber)
    .option('--barriers', 'strict batches: none starts before all of the one before have ended')
    .option('--history', 'add what the commits of the repository hint at: scopes of tasks without one, likely overlaps')
    .action((file: string | undefined, options: Options, called: Command) =>
      reply(called, async (call) => {
        const { planned } = await import('../planned.ts')
        const { maxAgents, effort, barriers, history = false } = options
        const { plan, tasks, scopes } = await planned(call, file, {
          scopes: true,
          ...(maxAgents !== undefined && { maxAgents }),
          ...(effort !== undefined && { effort: { iterations: effort } }),
          ...(barriers !== undefined && { barriers }),
        })
        const hints = history ? await (await import('../history.ts')).historyOf(call, tasks) : null
        const { drawPlan } = await import('@orch/core/plan')
        const { hintsText } = await import('../print/hints.ts')
        return {
          json: { ...plan, scopes, ...(hints !== null && { history: hints }) },
          text: (look) => {
            const { width, style } = look
            const all = width === null || options.all === true
            const drawn = drawPlan(plainTexts(plan), {
              width: width ?? usualWidth,
              color: style('bold', '') !== '',
              ...(!all && { most: mostTasks, hint: '--all shows them' }),
            })
            const blocks = [drawn, scopesText(scopes, look), hints === null ? '' : hintsText(hints, look, all)]
            return blocks.filter((block) => block !== '').join('\n\n')
          },
        }
      }),
    )
}
