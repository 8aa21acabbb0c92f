import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

/**
 * An agent without a model, started as a process: does what `work.json` says of its task, and writes down outside of the
 * repository what a test wants to know: each commit that it made, and how many agents were alive at once.
 */
export interface Work {
  /** Text that must be in files at the start: what the tasks before it have done. */
  readonly sees?: Readonly<Record<string, string>>
  /** Folders that must be there with nothing in them. */
  readonly empty?: readonly string[]
  /** One commit each. */
  readonly commits?: readonly (readonly Edit[])[]
  /** It amends its last commit, and makes one more that it throws away. */
  readonly rewrites?: boolean
  /** Done and not committed. */
  readonly leaves?: readonly Edit[]
  /** Milliseconds that the work takes at least. */
  readonly takes?: number
  /** It goes on only when this file is in the folder outside. */
  readonly after?: string
  /** It goes on only when so many agents have been alive at once. */
  readonly together?: number
}

export type Edit =
  | { readonly append: string; readonly text: string }
  | { readonly write: string; readonly text: string; readonly executable?: boolean }
  | { readonly link: string; readonly to: string }
  | { readonly rename: string; readonly to: string }
  | { readonly remove: string }

const outside = process.argv[2]
if (outside !== undefined) work(outside, process.env.ORCH_TASK ?? '')

function work(folder: string, task: string): void {
  const known = read(folder)
  const given = known[`${task} ${process.env.ORCH_TURN}`] ?? known[task] ?? {}
  const {
    sees = {},
    empty = [],
    commits = [],
    leaves = [],
    takes = 0,
    together = 1,
    after = '',
    rewrites,
  }: Work = given
  const mark = join(folder, 'alive', String(process.pid))
  writeFileSync(mark, '')
  appendFileSync(join(folder, 'counts'), `${alive(folder)}\n`)
  try {
    for (const [path, text] of Object.entries(sees)) {
      if (!readFileSync(path, 'utf8').includes(text)) throw new Error(`${path} does not hold ${text}`)
    }
    for (const path of empty) if (readdirSync(path).length > 0) throw new Error(`${path} is not empty`)
    // A test that failed takes the folder away, and leaves no agent behind.
    while (existsSync(mark) && (greatest(folder) < together || !existsSync(join(folder, after)))) pause(10)
    for (const edits of commits) {
      for (const edit of edits) apply(edit)
      git('add', '--all')
      // Nothing to do: another attempt of this task has made it.
      if (git('status', '--porcelain') !== '') commit(folder, `Part of ${task}`)
      pause(takes / commits.length)
    }
    if (rewrites) {
      commit(folder, `In other words: ${task}`, '--amend')
      commit(folder, 'An idea that comes to nothing', '--allow-empty')
      git('reset', '--quiet', '--hard', 'HEAD~1')
    }
    for (const edit of leaves) apply(edit)
  } finally {
    rmSync(mark, { force: true })
  }
}

function commit(folder: string, message: string, ...options: string[]): void {
  const agent = ['-c', 'user.name=An Agent', '-c', 'user.email=agent@example.org']
  git(...agent, 'commit', '--quiet', ...options, '--message', message)
  appendFileSync(join(folder, 'commits'), `${git('rev-parse', 'HEAD')}\n`)
}

function read(folder: string): Readonly<Record<string, Work>> {
  return JSON.parse(readFileSync(join(folder, 'work.json'), 'utf8'))
}

/** Those that have said that they are there and whose process is. */
function alive(folder: string): number {
  return readdirSync(join(folder, 'alive')).filter((pid) => isThere(Number(pid))).length
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function greatest(folder: string): number {
  const counts = readFileSync(join(folder, 'counts'), 'utf8').split('\n')
  return Math.max(...counts.map(Number))
}

function apply(edit: Edit): void {
  const path = Object.values(edit)[0] as string
  mkdirSync(dirname('to' in edit && 'rename' in edit ? edit.to : path), { recursive: true })
  if ('append' in edit) {
    // Done once, however often an attempt is made.
    if (!readFileSync(path, 'utf8').includes(edit.text)) appendFileSync(path, edit.text)
  } else if ('write' in edit) writeFileSync(path, edit.text, { mode: edit.executable ? 0o755 : 0o644 })
  else if ('link' in edit) symlinkSync(edit.to, path)
  else if ('rename' in edit) renameSync(path, edit.to)
  else rmSync(path)
}

function git(...words: string[]): string {
  return execFileSync('git', words, { encoding: 'utf8' }).trimEnd()
}

function pause(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
