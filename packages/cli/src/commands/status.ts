import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'
import { scopesText } from '../print/scopes.ts'
import { statusTable } from '../print/status.ts'
import { taskText } from '../print/task.ts'

/** `orch status` and `orch show`: what a person asks most often. */
export function addStatus(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'status',
    description: 'show every task: who works, who is stuck, what waits and why; how well scopes were declared',
    examples: ['orch status', 'orch status --json', 'watch -c FORCE_COLOR=1 orch status'],
  }).action((_options: object, called: Command) =>
    reply(called, async (call) => {
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      const report = await opened.orchestrator.status()
      const scopes = await opened.orchestrator.scopes()
      const first = [
        ...(report.paused ? ['The run is paused, nothing new is started: orch resume'] : []),
        ...report.notes.map(plain),
      ]
      return {
        json: { ...report, scopes },
        text: (look) => {
          const table = statusTable(report.tasks, look, Date.now())
          const blocks = [[...first, table].join('\n'), scopesText(scopes, look)]
          return blocks.filter((block) => block !== '').join('\n\n')
        },
      }
    }),
  )

  addCommand(program, {
    usage: 'show <task>',
    description: 'show one task: facts, guidance, what keeps it from landing, what its agent printed last',
    examples: ['orch show 124', 'orch show 124 --json'],
  }).action((task: string, _options: object, called: Command) =>
    reply(called, async (call) => {
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      const report = await opened.orchestrator.show(task)
      return { json: report, text: (look) => taskText(report, look, Date.now()) }
    }),
  )
}
