import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Run {
  readonly program: string
  readonly argv: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Its standard input. Default none. */
  readonly input?: string
  /** Milliseconds until it is ended with all that it started. */
  readonly limitMs: number
  /** Ends it early. Absent: what it writes is worth waiting for. */
  readonly signal?: AbortSignal
}

export interface Ran {
  /** Null: it did not end by itself, or never started. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  readonly why: 'ended' | 'missing' | 'killed' | 'time-limit' | 'aborted'
}

/** After a polite request to end, in milliseconds. */
const graceMs = 3000
const mostBytes = 400_000_000

/** Runs one process to its end. It leads a group of its own, so that a Ctrl-C is for us and an end is the end of all that it started. */
export async function runProgram(run: Run): Promise<Ran> {
  run.signal?.throwIfAborted()
  await using given = run.input === undefined ? null : await fileOf(run.input)
  return await ended(run, given?.fd ?? 'ignore')
}

function ended(run: Run, stdin: number | 'ignore'): Promise<Ran> {
  const { program, argv, directory, environment, limitMs, signal } = run
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: [stdin, 'pipe', 'pipe'],
    })
    let why: Ran['why'] = 'ended'
    let killing: NodeJS.Timeout | undefined
    const end = (reason: Ran['why']): void => {
      if (why !== 'ended') return
      why = reason
      killGroup(child.pid, 'SIGTERM')
      killing = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs)
    }
    const abort = (): void => end('aborted')
    const limit = setTimeout(() => end('time-limit'), limitMs)
    signal?.addEventListener('abort', abort, { once: true })
    const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    let size = 0
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (part: Buffer) => {
        size += part.length
        if (size <= mostBytes) printed[name].push(part)
        else end('killed')
      })
    child.on('error', () => {
      why = 'missing'
    })
    child.on('close', (exit) => {
      clearTimeout(limit)
      clearTimeout(killing)
      signal?.removeEventListener('abort', abort)
      const isOurs = why === 'ended' && exit === null
      const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8')
      resolve({ exit, stdout: text(printed.stdout), stderr: text(printed.stderr), why: isOurs ? 'killed' : why })
    })
  })
}

/** A file of no name: what it holds is in nobody's list of processes, can be opened as /dev/stdin, which a pipe cannot, and leaves nothing behind. */
async function fileOf(text: string): Promise<FileHandle> {
  const path = join(tmpdir(), `orch-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  await unlink(path)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten
  return handle
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // All of them have ended.
  }
}
