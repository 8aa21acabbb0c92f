import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Ran, Run } from './message.ts'

/** See `Run.most`. */
const mostBytes = 400_000_000

/** For what may be of any length. */
export interface Streams {
  /** Gets what it prints, which then is not returned; no more comes before its promise is fulfilled. */
  readonly taken?: (part: Buffer) => undefined | Promise<unknown>
  /** Its input, instead of `Run.input`. When that breaks off it is killed, and the reason is thrown. */
  readonly given?: Readable
}

/**
 * Runs a process to its end, its limit or the end of `signal`. It does not hear a Ctrl-C in the terminal: that is for us.
 */
export function runHere(run: Run, signal?: AbortSignal, { taken, given }: Streams = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = []
    const errors: Buffer[] = []
    const most = run.most ?? mostBytes
    let size = 0
    let why: string | null = null
    let errorCode: string | null = null
    const fail = (error: NodeJS.ErrnoException) => {
      why = error.message
      errorCode = error.code ?? 'unknown'
    }
    const end = (code: number | null) =>
      resolve({ code, output: Buffer.concat(output), errors: Buffer.concat(errors), why, errorCode })
    let child: ChildProcess
    try {
      child = begin(run, given !== undefined)
    } catch (error) {
      // Some reasons are thrown, others come as an event.
      fail(error as NodeJS.ErrnoException)
      return end(null)
    }
    const stop = () => killAll(child)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    // Not the one that `spawn` offers: that goes on for what could not be started.
    const limit = setTimeout(() => {
      why ??= `it took more than ${run.longest} ms`
      stop()
    }, run.longest)
    const take = (parts: Buffer[]) => (part: Buffer) => {
      size += part.length
      if (size <= most) return void parts.push(part)
      why ??= `it printed more than ${most} bytes`
      // Nobody can use a part of it.
      output.length = 0
      stop()
    }
    child.stdout?.on(
      'data',
      taken === undefined
        ? take(output)
        : (part) => {
            const give = (error: unknown) => {
              stop()
              reject(error)
            }
            try {
              const wait = taken(part)
              if (wait === undefined) return
              child.stdout?.pause()
              wait.then(() => child.stdout?.resume(), give)
            } catch (error) {
              give(error)
            }
          },
    )
    child.stderr?.on('data', take(errors))
    // It need not read all that it is given.
    child.stdin?.on('error', () => undefined)
    if (given === undefined) child.stdin?.end(run.input)
    else if (child.stdin !== null) {
      given.on('error', (error) => {
        stop()
        reject(error)
      })
      given.pipe(child.stdin)
    }
    child.on('error', fail)
    child.on('close', (code, name) => {
      given?.destroy()
      clearTimeout(limit)
      signal?.removeEventListener('abort', stop)
      if (name !== null) why ??= `it was ended by ${name}`
      end(errorCode === null ? code : null)
    })
  })
}

/** With all that it started: as long as one of them has our pipes, it has not ended. It leads a group of its own. */
function killAll(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // they are gone, or not all of them are ours to end
  }
}

function begin({ file, argv, directory, environment, input }: Run, isGiven: boolean): ChildProcess {
  return spawn(file, argv, {
    cwd: directory,
    env: environment,
    stdio: [input === undefined && !isGiven ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A git that dies from a Ctrl-C leaves half-written files.
    detached: true,
  })
}
