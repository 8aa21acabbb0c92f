import type { GraphFormat } from '@orch/core/draw'
import { type Command, Option } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'
import { UsageError } from '../usage-error.ts'

/** Not from `@orch/core/draw`, which is a lot to load. */
const formats = ['text', 'json', 'mermaid', 'dot', 'svg', 'html'] as const satisfies readonly GraphFormat[]

/** What a file is called says what it holds. */
const endings: Readonly<Record<string, GraphFormat>> = {
  txt: 'text',
  json: 'json',
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dot: 'dot',
  gv: 'dot',
  svg: 'svg',
  html: 'html',
  htm: 'html',
}

interface Options {
  readonly format?: GraphFormat
  readonly output?: string
}

/** `orch graph`. */
export function addGraph(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'graph [file]',
    description: 'draw the tasks and what waits for what; with a file, of its tasks and without storing them',
    examples: [
      'orch graph',
      'orch graph tasks.yaml --format mermaid',
      'orch graph tasks.yaml --output plan.html',
      'orch graph --format dot | dot -Tpdf > plan.pdf',
    ],
  })
    .addOption(
      new Option('-f, --format <format>', 'default: text, or what the name of the output says').choices(formats),
    )
    .option('-o, --output <file>', 'write the picture into this file, also over one that is there')
    .action((file: string | undefined, options: Options, called: Command) =>
      reply(called, async (call) => {
        const { output } = options
        const format = options.format ?? (output === undefined ? 'text' : formatOf(output))
        const { planned } = await import('../planned.ts')
        const { plan, tasks } = await planned(call, file)
        const { drawGraph } = await import('@orch/core/draw')
        if (output === undefined) {
          return {
            json: JSON.parse(drawGraph(plan, { format: 'json', tasks })),
            text: (look) =>
              drawGraph(plan, { format, tasks, width: look.width ?? 100, color: look.style('bold', '') !== '' }),
          }
        }
        const { writeText } = await import('../written-file.ts')
        await writeText(
          { file: output, directory: call.directory, source: file },
          `${drawGraph(plan, { format, tasks, width: 100 })}\n`,
        )
        const counted = plan.tasks.length
        return {
          json: { written: output, format, tasks: counted },
          text: () => `Wrote ${plain(output)} with ${counted} ${counted === 1 ? 'task' : 'tasks'}`,
        }
      }),
    )
}

function formatOf(output: string): GraphFormat {
  const ending = output.match(/\.(\w+)$/)?.[1]?.toLowerCase() ?? ''
  const format = Object.hasOwn(endings, ending) ? endings[ending] : undefined
  if (format !== undefined) return format
  throw new UsageError('usage', `${output} does not say what it is to hold: add --format ${formats.join(', ')}.`)
}
