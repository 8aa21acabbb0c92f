import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { conflictsText } from '../print/conflicts.ts'

/** `orch conflicts`. */
export function addConflicts(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'conflicts',
    description: 'which changes would not merge, as their files are now, with each other and with the target',
    examples: ['orch conflicts', 'orch conflicts --json'],
  }).action((_options: object, called: Command) =>
    reply(called, async (call) => {
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      const report = await opened.orchestrator.conflicts()
      return { json: report, text: (look) => conflictsText(report, look) }
    }),
  )
}
