import type { NewTask } from '@orch/core'
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
      const { OrchError } = await import('@orch/core')
      const { invalidFile, readValue } = await import('../task-file.ts')
      // Core does not know the file, and the file not what is stored already.
      const refuse = (error: unknown): never => {
        const invalid = OrchError.is(error) && error.code === 'invalid-tasks'
        throw invalid ? invalidFile(file, error.problems, '; nothing was added') : error
      }
      const value = await readValue({ file, directory: call.directory }).catch(refuse)
      const { open } = await import('../open.ts')
      await using opened = await open(call, { target: 'needed' })
      // Checked there, because only there it is known what the queue holds.
      const result = await opened.orchestrator.add(value as readonly NewTask[]).catch(refuse)
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
  if (added.length > 0) lines.push(`Added ${count(added.length, 'task')}: ${some(added)}`)
  if (unchanged.length > 0) lines.push(`There already: ${some(unchanged)}`)
  return lines.length === 0
    ? 'The file names no task.'
    : [...lines, 'See the plan with orch plan, start with orch run.'].join('\n')
}

/** Ids that a line can hold. */
const mostIds = 20

function some(ids: readonly string[]): string {
  const more = ids.length - mostIds
  return `${ids.slice(0, mostIds).map(plain).join(', ')}${more > 0 ? ` … and ${more} more` : ''}`
}
