import { type Dirent, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { NewEpic, NewTask } from '@orch/core'
import { readText } from '../task-file.ts'
import { systemCode, UsageError } from '../usage-error.ts'
import { type EpicTask, type NotUnderstood, readEpic } from './epic-document.ts'

export interface FoundEpic extends NewEpic {
  readonly file: string
  readonly tasks: readonly NewTask[]
  /** Ids that the source says are over. */
  readonly over: readonly { readonly id: string; readonly state: 'done' | 'cancelled' }[]
}

export interface PlanFolder {
  readonly epics: readonly FoundEpic[]
  readonly notUnderstood: readonly NotUnderstood[]
}

/** Files that are looked at: more would be no folder of plans. */
const mostFiles = 5000
const deepest = 5

/** The epics that a folder holds as Markdown, with the files of their tasks beside them (`001_name.md`). Links are not followed. */
export async function readPlanFolder(folder: string, directory: string): Promise<PlanFolder> {
  const root = resolve(directory, folder)
  const files = filesIn(root, folder)
  const epics: FoundEpic[] = []
  const notUnderstood: NotUnderstood[] = []
  const ids = new Set<string>()
  for (const file of files) {
    if (numberOf(file) !== null) continue
    const name = join(folder, relative(root, file))
    const document = readEpic(name, await readText({ file: name, directory }))
    if (document === null) {
      notUnderstood.push({
        file: name,
        line: 1,
        why: 'it has no heading with a table of tasks (#, Task) below: no epic',
      })
      continue
    }
    notUnderstood.push(...document.notUnderstood)
    const id = idOf(file, root)
    if (ids.has(id)) {
      notUnderstood.push({ file: name, line: 1, why: `another file is the epic ${id} already` })
      continue
    }
    ids.add(id)
    const texts = await textsBeside(file, files, root, folder, directory)
    epics.push(epicOf({ id, file: name, title: document.title, goal: document.goal }, document.tasks, texts))
  }
  return { epics, notUnderstood }
}

function epicOf(
  {
    id,
    file,
    title,
    goal,
  }: { readonly id: string; readonly file: string; readonly title: string; readonly goal: string },
  given: readonly EpicTask[],
  texts: ReadonlyMap<number, string>,
): FoundEpic {
  const idFor = (number: string): string => `${id}.${number}`
  const over = given.flatMap(({ number, state }) => (state === 'open' ? [] : [{ id: idFor(number), state }]))
  const isOver = new Set(over.map((each) => each.id))
  const tasks = given
    .filter(({ state }) => state === 'open')
    .map((task): NewTask => {
      const dependsOn = task.dependsOn.map(idFor).filter((other) => !isOver.has(other))
      const body = [task.description, texts.get(Number(task.number)) ?? ''].filter((part) => part !== '').join('\n\n')
      return {
        id: idFor(task.number),
        title: task.title,
        epic: id,
        ...(body !== '' && { body }),
        ...(dependsOn.length > 0 && { dependsOn }),
      }
    })
  return { id, title, body: goal, file, tasks, over }
}

/** `.plan/0042_export/EPIC.md` and `.plan/export.md` are both named by what tells them from others. */
function idOf(file: string, root: string): string {
  const own = basename(file, '.md')
  const isPlainName = /^(epic|readme|index|plan|overview)$/i.test(own)
  const name = isPlainName && dirname(file) !== root ? basename(dirname(file)) : isPlainName ? basename(root) : own
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug === '' ? 'epic' : slug.slice(0, 60)
}

/** The number that the name of a task's own file begins with; null for other files. */
function numberOf(file: string): number | null {
  const found = /^(\d+)[_-]/.exec(basename(file))?.[1]
  return found === undefined ? null : Number(found)
}

async function textsBeside(
  epic: string,
  files: readonly string[],
  root: string,
  folder: string,
  directory: string,
): Promise<ReadonlyMap<number, string>> {
  const beside = [dirname(epic), join(dirname(epic), 'tasks')]
  const texts = new Map<number, string>()
  for (const file of files) {
    const number = numberOf(file)
    if (number === null || !beside.includes(dirname(file))) continue
    texts.set(number, (await readText({ file: join(folder, relative(root, file)), directory })).trim())
  }
  return texts
}

function filesIn(root: string, folder: string): readonly string[] {
  const found: string[] = []
  const waiting: { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { path, depth } = next
    for (const entry of entriesOf(path, folder)) {
      if (entry.isDirectory() && depth < deepest) waiting.push({ path: join(path, entry.name), depth: depth + 1 })
      if (entry.isFile() && entry.name.endsWith('.md')) found.push(join(path, entry.name))
      if (found.length > mostFiles)
        throw new UsageError('usage', `${folder} holds more than ${mostFiles} files: name the folder of the plans.`)
    }
  }
  return found.sort()
}

function entriesOf(path: string, folder: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError('no-file', `There is no folder ${folder}. The path counts from -C, or from where you are.`)
    if (code === 'EACCES' || code === 'EPERM')
      throw new UsageError('unreadable-file', `${folder} may not be read; change its permissions.`)
    throw error
  }
}
