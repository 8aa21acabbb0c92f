import type { Command } from 'commander'
import type { Answer, Call } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import type { FoundEpic, PlanFolder } from '../import/plan-folder.ts'
import { plain, shellWord } from '../print/plain.ts'
import { count } from '../print/status.ts'

interface Imported {
  /** What would be made, or with `--yes` was. */
  readonly epics: readonly {
    readonly id: string
    readonly title: string
    readonly file: string
    readonly new: readonly { readonly id: string; readonly title: string; readonly dependsOn: readonly string[] }[]
    /** There already, and left as they are. */
    readonly kept: readonly string[]
    /** The source says that they are over: skipped. */
    readonly skipped: readonly string[]
  }[]
  readonly notUnderstood: PlanFolder['notUnderstood']
  readonly done: boolean
}

/** `orch import`. */
export function addImport(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'import <folder>',
    description: 'make tasks of epics written in Markdown: shows what it would do, and does it with --yes',
    examples: ['orch import .plan', 'orch import .plan --yes'],
  })
    .option('--yes', 'do it')
    .action((folder: string, { yes = false }: { readonly yes?: boolean }, called: Command) =>
      reply(called, (call) => importFolder(call, folder, yes)),
    )
}

async function importFolder(call: Call, folder: string, yes: boolean): Promise<Answer> {
  const { readPlanFolder } = await import('../import/plan-folder.ts')
  const { epics, notUnderstood } = await readPlanFolder(folder, call.directory)
  const { open } = await import('../open.ts')
  await using opened = await open(call)
  const { orchestrator } = opened
  const there = new Set((await orchestrator.tasks()).map(({ id }) => id))
  const isNew = (id: string): boolean => !there.has(id)
  if (yes) {
    const tasks = epics.flatMap((epic) => epic.tasks).filter(({ id }) => isNew(id))
    await orchestrator.add(tasks, { epics: epics.map(({ id, title, body }) => ({ id, title, body })) })
  }
  const imported: Imported = {
    epics: epics.map((epic) => told(epic, isNew)),
    notUnderstood,
    done: yes,
  }
  return { json: imported, text: () => importedText(imported, folder) }
}

function told({ id, title, file, tasks, over }: FoundEpic, isNew: (id: string) => boolean): Imported['epics'][number] {
  return {
    id,
    title,
    file,
    new: tasks
      .filter((task) => isNew(task.id))
      .map((task) => ({ id: task.id, title: task.title ?? task.id, dependsOn: task.dependsOn ?? [] })),
    kept: tasks.map((task) => task.id).filter((each) => !isNew(each)),
    skipped: over.map((each) => each.id),
  }
}

function importedText({ epics, notUnderstood, done }: Imported, folder: string): string {
  const lines: string[] = []
  for (const epic of epics) {
    lines.push(`${plain(epic.id)}  ${plain(epic.title)}  (${plain(epic.file)})`)
    for (const task of epic.new) {
      const after = task.dependsOn.length === 0 ? '' : `  after ${task.dependsOn.map(plain).join(', ')}`
      lines.push(`  + ${plain(task.id)}  ${plain(task.title)}${after}`)
    }
    if (epic.kept.length > 0) lines.push(`  there already: ${epic.kept.map(plain).join(', ')}`)
    if (epic.skipped.length > 0) lines.push(`  over, so skipped: ${epic.skipped.map(plain).join(', ')}`)
  }
  if (notUnderstood.length > 0) {
    lines.push(
      '',
      'Not understood:',
      ...notUnderstood.map(({ file, line, why }) => `  ${plain(file)}:${line}  ${plain(why)}`),
      '',
    )
  }
  const tasks = epics.reduce((sum, epic) => sum + epic.new.length, 0)
  if (epics.length === 0) lines.push('No epic was found.')
  else if (tasks === 0) lines.push('There is nothing new.')
  else if (!done)
    lines.push(`Nothing was done yet. orch import --yes ${shellWord(folder)} adds ${count(tasks, 'task')}.`)
  else
    lines.push(
      `Added ${count(tasks, 'task')}. Start with ${epics.map(({ id }) => `orch run --epic ${shellWord(id)}`).join(', ')}.`,
    )
  return lines.join('\n')
}
