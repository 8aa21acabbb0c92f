import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { inputProblems, type NewTask, OrchError, type Policy, type Problem, parseTasks } from '@orch/core'
import { systemCode, UsageError } from './usage-error.ts'
import { parseYaml } from './yaml-text.ts'

const largest = 5 * 1024 * 1024
/** Fields that hold ids, which are texts also where they look like numbers. */
const names = ['id', 'epic', 'dependsOn', 'stackedOn']

interface TaskFile {
  readonly file: string
  readonly directory: string
}

/**
 * The tasks in a YAML or JSON file that stands alone. Throws as `readValue`, for everything that is wrong with them.
 * @param options `policy`: what the tasks are held against; absent: nobody knows
 */
export async function readTasks(
  options: TaskFile & { readonly policy?: Partial<Pick<Policy, 'resources' | 'epics'>> },
): Promise<readonly NewTask[]> {
  const read = parseTasks(await readValue(options))
  const problems = inputProblems(read, [], options.policy)
  if (problems.length > 0) throw invalidFile(options.file, problems)
  return read.tasks
}

/** What a YAML or JSON file says, whatever it is. Throws `UsageError` when it cannot be read, `invalid-tasks` when it is neither. */
export async function readValue({ file, directory }: TaskFile): Promise<unknown> {
  if (file === '') throw new UsageError('no-file', 'The name of the file is empty.')
  const { value, problems } = parseYaml(file, await readText({ file, directory }), names)
  if (problems.length > 0) throw invalidFile(file, problems)
  return value
}

/** A file that people wrote, in UTF-8 and up to 5 MB. Throws `UsageError`. */
export async function readText({ file, directory }: TaskFile): Promise<string> {
  return decoded(file, await readBytes(file, resolve(directory, file)))
}

/** Everything that is wrong with the tasks of `file`. `ending` is put behind the sentence. */
export function invalidFile(file: string, problems: readonly Problem[], ending = ''): OrchError {
  const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new OrchError('invalid-tasks', `${file} has ${many}${ending}`, { problems })
}

async function readBytes(name: string, path: string): Promise<Buffer> {
  try {
    // What is no file (a pipe, a device) could be waited for or read from for ever.
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const about = await handle.stat()
    if (!about.isFile()) throw new UsageError('not-a-file', `${name} is no file; write the tasks into one.`)
    if (about.size > largest) throw tooLarge(name, about.size)
    // It may grow while it is read, or be of a kind that does not know its size.
    const bytes = Buffer.alloc(largest + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
      length += bytesRead
      if (length > largest) throw tooLarge(name, length)
      if (bytesRead === 0) return bytes.subarray(0, length)
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError('no-file', `There is no file ${name}. The path counts from -C, or from where you are.`)
    if (code === 'ENXIO') throw new UsageError('not-a-file', `${name} is no file; write the tasks into one.`)
    if (code === 'EACCES' || code === 'EPERM')
      throw new UsageError('unreadable-file', `${name} may not be read; change its permissions.`)
    throw error
  }
}

function tooLarge(name: string, size: number): UsageError {
  const megabytes = (size / 1024 / 1024).toFixed(1)
  return new UsageError(
    'file-too-large',
    `${name} has ${megabytes} MB; a task file may have 5 MB. Split it and add the parts one after the other.`,
  )
}

/** Bytes that are no UTF-8 would become other characters without a word: in an id, another task. */
function decoded(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (systemCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
    const what = /^(feff|fffe)/.test(bytes.toString('hex', 0, 2))
      ? 'it looks like UTF-16'
      : `line ${lineOfBadBytes(bytes)} holds bytes that are none`
    throw new UsageError('unreadable-file', `${name} is no text in UTF-8: ${what}. Save it as UTF-8.`)
  }
}

function lineOfBadBytes(bytes: Buffer): number {
  const before = bytes.toString('utf8').split('\uFFFD', 1)[0] ?? ''
  return before.split('\n').length
}
