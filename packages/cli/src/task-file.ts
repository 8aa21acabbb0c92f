import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type NewTask, OrchError, parseTasks } from '@orch/core'
import { systemCode, UsageError } from './usage-error.ts'
import { parseYaml } from './yaml-text.ts'

const largest = 5 * 1024 * 1024

/**
 * The tasks in a YAML or JSON file. Throws `UsageError` when the file cannot be read, `invalid-tasks` with every problem
 * when what it says cannot be used.
 */
export async function readTasks(options: {
  readonly file: string
  readonly directory: string
}): Promise<readonly NewTask[]> {
  const text = await readText(options.file, resolve(options.directory, options.file))
  const { value, problems } = parseYaml(options.file, text)
  if (problems.length > 0)
    throw new OrchError('invalid-tasks', `${options.file} is no valid YAML or JSON`, { problems })
  const read = parseTasks(value)
  if (read.ok) return read.tasks
  const many = read.problems.length === 1 ? 'a problem' : `${read.problems.length} problems`
  throw new OrchError('invalid-tasks', `${options.file} has ${many}`, { problems: read.problems })
}

async function readText(name: string, path: string): Promise<string> {
  try {
    const about = await stat(path)
    if (!about.isFile()) throw new UsageError('not-a-file', `${name} is not a file.`)
    if (about.size > largest) {
      const size = (about.size / 1024 / 1024).toFixed(1)
      throw new UsageError(
        'file-too-large',
        `${name} has ${size} MB; a task file may have 5 MB. Split it and add the parts one after the other.`,
      )
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError('no-file', `There is no file ${name}.`)
    if (code === 'EACCES' || code === 'EPERM') throw new UsageError('unreadable-file', `${name} may not be read.`)
    throw error
  }
}
