import { spawn } from 'node:child_process'
import type { Ran, Run } from './message.ts'

/** Runs a process to its end, its limit or the end of `signal`. It does not hear a Ctrl-C in the terminal: that is for us. */
export function runHere({ input, longest, ...command }: Run, signal?: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    const output: Buffer[] = []
    const errors: Buffer[] = []
    let why: string | null = null
    let errorCode: string | null = null
    const child = spawn(command.file, command.argv, {
      cwd: command.directory,
      env: command.environment,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A git that dies from a Ctrl-C leaves half-written files.
      detached: true,
      timeout: longest,
      killSignal: 'SIGKILL',
    })
    const stop = () => void child.kill('SIGKILL')
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    child.stdout?.on('data', (part: Buffer) => output.push(part))
    child.stderr?.on('data', (part: Buffer) => errors.push(part))
    // It need not read all that it is given.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
    child.on('error', (error: NodeJS.ErrnoException) => {
      why = error.message
      errorCode = error.code ?? null
    })
    child.on('close', (code, name) => {
      signal?.removeEventListener('abort', stop)
      if (name !== null) why ??= `it was ended by ${name}`
      const started = errorCode === null
      resolve({
        code: started ? code : null,
        output: Buffer.concat(output),
        errors: Buffer.concat(errors),
        why,
        errorCode,
      })
    })
  })
}
