import { resolve } from 'node:path'
import type { RestoreTo } from '@orch/core'
import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { keptChangesText, keptText, restoredText } from '../print/kept.ts'
import { UsageError } from '../usage-error.ts'

/** `orch kept list`, `show` and `restore`: what was put away can be looked at and had back. */
export function addKept(program: Command, reply: Reply): void {
  const kept = addCommand(program, {
    usage: 'kept',
    description: 'list what is kept of the work of tasks; show it, and get it back',
    examples: ['orch kept list', 'orch kept show 124 --diff', 'orch kept restore 124'],
  })

  addCommand(kept, {
    usage: 'list [task]',
    description:
      'what is kept, the newest first: commits of retired branches, what was not committed, folders moved aside',
    examples: ['orch kept list', 'orch kept list 124 --json'],
  }).action((task: string | undefined, _options: object, called: Command) =>
    reply(called, async (call) => {
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      const items = await opened.orchestrator.kept(task)
      return { json: { kept: items }, text: (look) => keptText(items, look, Date.now()) }
    }),
  )

  addCommand(kept, {
    usage: 'show <task> [name]',
    description: 'the files in which it differs from where its branch started; of the newest, if none is named',
    examples: ['orch kept show 124', 'orch kept show 124 tree-3f2a --diff'],
  })
    .option('--diff', 'the differences themselves')
    .action((task: string, name: string | undefined, options: { diff?: boolean }, called: Command) =>
      reply(called, async (call) => {
        const { open } = await import('../open.ts')
        await using opened = await open(call)
        const report = await opened.orchestrator.showKept({ task, ...named(name), patch: options.diff ?? false })
        return { json: report, text: (look) => keptChangesText(report, look) }
      }),
    )

  addCommand(kept, {
    usage: 'restore <task> [name]',
    description: 'get it back: on a new branch, or as files in a new directory; nothing that is there is changed',
    examples: [
      'orch kept restore 124',
      'orch kept restore 124 --branch try-again',
      'orch kept restore 124 --to ../124',
    ],
  })
    .option('--to <directory>', 'write the files into this directory, which must not exist')
    .option('--branch <name>', 'make this branch, which must not exist (default: kept/TASK/NAME)')
    .action((task: string, name: string | undefined, options: { to?: string; branch?: string }, called: Command) =>
      reply(called, async (call) => {
        if (options.to !== undefined && options.branch !== undefined)
          throw new UsageError('usage', 'Choose one: --to DIRECTORY or --branch NAME.')
        const to: RestoreTo | null =
          options.to !== undefined
            ? { directory: resolve(call.directory, options.to) }
            : options.branch !== undefined
              ? { branch: options.branch }
              : null
        const { open } = await import('../open.ts')
        await using opened = await open(call)
        const restored = await opened.orchestrator.restoreKept({
          task,
          ...named(name),
          ...(to === null ? {} : { to }),
        })
        return { json: restored, text: () => restoredText(restored) }
      }),
    )
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name }
}
