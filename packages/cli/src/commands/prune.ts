import type { Leftover } from '@orch/core'
import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'
import { count } from '../print/status.ts'
import { padEnd } from '../print/width.ts'

/** `orch prune`. */
export function addPrune(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'prune',
    description:
      'list what is left over of closed tasks: kept commits, workspaces, folders moved aside; --yes drops it',
    examples: ['orch prune', 'orch prune --yes'],
  })
    .option('--yes', 'drop all of it; it cannot be had back')
    .action((options: { yes?: boolean }, called: Command) =>
      reply(called, async (call) => {
        const { open } = await import('../open.ts')
        await using opened = await open(call)
        const dropped = options.yes ?? false
        const leftovers = await opened.orchestrator.prune({ drop: dropped })
        return { json: { dropped, leftovers }, text: () => leftoversText(leftovers, dropped) }
      }),
    )
}

export function leftoversText(leftovers: readonly Leftover[], dropped: boolean): string {
  if (leftovers.length === 0) return 'Nothing is left over.'
  const lines = leftovers.map(({ what, name, oid }) => {
    const commit = oid === null ? '' : `  ${oid.slice(0, 10)}`
    return `  ${padEnd(what, 'moved-aside'.length)}  ${plain(name)}${commit}`
  })
  const things = count(leftovers.length, 'thing')
  if (dropped) return [`Dropped ${things}:`, ...lines].join('\n')
  return [
    `Left over (${leftovers.length}):`,
    ...lines,
    `Drop ${leftovers.length === 1 ? 'it' : 'them'} for good: orch prune --yes`,
  ].join('\n')
}
