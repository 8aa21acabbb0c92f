import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'
import { count } from '../print/status.ts'

/** `orch add`. */
export function addTasks(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'add <file>',
    description: 'add the tasks in a YAML or JSON file; those that are there already stay as they are',
    examples: ['orch add tasks.yaml', 'orch add tasks.json --json'],
  }).action((file: string, _options: object, called: Command) =>
    reply(called, async (call) => {
      const { readTasks } = await import('../task-file.ts')
      const tasks = await readTasks({ file, directory: call.directory })
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      const result = await opened.orchestrator.add(tasks)
      return { json: result, text: () => addedText(result) }
    }),
  )
}

export function addedText(result: {
  readonly added: readonly string[]
  readonly unchanged: readonly string[]
}): string {
  const { added, unchanged } = result
  const lines: string[] = []
  if (added.length > 0) lines.push(`Added ${count(added.length, 'task')}: ${added.map(plain).join(', ')}`)
  if (unchanged.length > 0) lines.push(`There already: ${unchanged.map(plain).join(', ')}`)
  return lines.length === 0
    ? 'The file names no task.'
    : [...lines, 'See the plan with orch plan, start with orch run.'].join('\n')
}
