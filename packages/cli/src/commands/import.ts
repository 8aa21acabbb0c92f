import type { ClosingReport, Orchestrator } from '@orch/core'
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
    /** The source says that they are over, and they were open. */
    readonly closed: readonly string[]
    /** The same, but they are under way: left alone. */
    readonly underWay: readonly string[]
    /** The same, but something that they wait for is open: left open. */
    readonly waiting: ClosingReport['waiting']
    /** The source says that they are over, and nobody has them open: skipped. */
    readonly skipped: readonly string[]
  }[]
  readonly notUnderstood: PlanFolder['notUnderstood']
  readonly done: boolean
}

/** `orch import`. */
export function addImport(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'import <folder>',
    description: 'make tasks of epics written in Markdown: shows what it would add and close, and does it with --yes',
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
  const there = new Map((await orchestrator.tasks()).map(({ id, state }) => [id, state]))
  const isNew = (id: string): boolean => !there.has(id)
  if (yes) {
    const tasks = epics.flatMap((epic) => epic.tasks).filter(({ id }) => isNew(id))
    await orchestrator.add(tasks, { epics: epics.map(({ id, title, body }) => ({ id, title, body })) })
  }
  const told: Imported['epics'][number][] = []
  for (const epic of epics) told.push(epicTold(epic, isNew, await closing(orchestrator, epic, there, yes)))
  const imported: Imported = { epics: told, notUnderstood, done: yes }
  return { json: imported, text: () => importedText(imported, folder) }
}

/** What the source says is over, where it is open in the queue. */
async function closing(
  orchestrator: Orchestrator,
  { file, over }: FoundEpic,
  there: ReadonlyMap<string, string>,
  yes: boolean,
): Promise<ClosingReport> {
  const open = over.filter(({ id }) => there.get(id) === 'open')
  if (open.length === 0) return { closed: [], underWay: [], waiting: [] }
  const tasks = open.map(({ id, state }) => ({ id, as: state }))
  return orchestrator.close(tasks, { note: `over, says ${file}`, dry: !yes })
}

function epicTold(
  { id, title, file, tasks, over }: FoundEpic,
  isNew: (id: string) => boolean,
  report: ClosingReport,
): Imported['epics'][number] {
  const told = new Set([...report.closed, ...report.underWay, ...report.waiting.map((each) => each.id)])
  return {
    id,
    title,
    file,
    new: tasks
      .filter((task) => isNew(task.id))
      .map((task) => ({ id: task.id, title: task.title ?? task.id, dependsOn: task.dependsOn ?? [] })),
    kept: tasks.map((task) => task.id).filter((each) => !isNew(each)),
    ...report,
    skipped: over.map((each) => each.id).filter((each) => !told.has(each)),
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
    if (epic.closed.length > 0) lines.push(`  over, so closed: ${epic.closed.map(plain).join(', ')}`)
    if (epic.underWay.length > 0)
      lines.push(`  over, but under way here, so left alone: ${epic.underWay.map(plain).join(', ')}`)
    for (const { id, for: others } of epic.waiting)
      lines.push(`  over, but left open: ${plain(id)} waits for ${others.map(plain).join(', ')}`)
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
  const closed = epics.reduce((sum, epic) => sum + epic.closed.length, 0)
  const parts = (adds: string, closes: string): string =>
    [...(tasks > 0 ? [`${adds} ${count(tasks, 'task')}`] : []), ...(closed > 0 ? [`${closes} ${closed}`] : [])].join(
      ' and ',
    )
  const starts = epics.filter((epic) => epic.new.length > 0).map(({ id }) => `orch run --epic ${shellWord(id)}`)
  if (epics.length === 0) lines.push('No epic was found.')
  else if (tasks + closed === 0) lines.push('There is nothing new.')
  else if (!done) lines.push(`Nothing was done yet. orch import --yes ${shellWord(folder)} ${parts('adds', 'closes')}.`)
  else lines.push(`Done: ${parts('added', 'closed')}.${starts.length > 0 ? ` Start with ${starts.join(', ')}.` : ''}`)
  return lines.join('\n')
}
