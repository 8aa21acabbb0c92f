import { type ChildProcess, spawn } from 'node:child_process'
import { launchHere } from './launch.ts'
import type { Launch, Reply, Request, Run } from './message.ts'

// A process of its own, started by `spawner.ts`, that does nothing but start processes and is small for it.

const running = new Map<number, ChildProcess>()

process.on('message', (request: Request) => {
  switch (request.ask) {
    case 'run':
      return run(request.id, request)
    case 'launch':
      return launch(request.id, request)
    case 'kill':
      running.get(request.id)?.kill('SIGKILL')
  }
})
tell({ tell: 'ready' })

/** Whoever asked may be gone; then what runs is brought to its end, and nobody hears of it. */
function tell(reply: Reply): void {
  if (process.connected) process.send?.(reply, undefined, undefined, () => undefined)
}

function run(id: number, { input, longest, ...command }: Run): void {
  const output: Buffer[] = []
  const errors: Buffer[] = []
  let why: string | null = null
  let errorCode: string | null = null
  const child = spawn(command.file, command.argv, {
    cwd: command.directory,
    env: command.environment,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: longest,
    killSignal: 'SIGKILL',
  })
  running.set(id, child)
  child.stdout?.on('data', (part: Buffer) => output.push(part))
  child.stderr?.on('data', (part: Buffer) => errors.push(part))
  // It need not read all that it is given.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  child.on('error', (error: NodeJS.ErrnoException) => {
    why = error.message
    errorCode = error.code ?? null
  })
  child.on('close', (code, signal) => {
    running.delete(id)
    if (signal !== null) why ??= `it was ended by ${signal}`
    tell({
      tell: 'ran',
      id,
      code: errorCode === null ? code : null,
      output: Buffer.concat(output),
      errors: Buffer.concat(errors),
      why,
      errorCode,
    })
  })
}

function launch(id: number, command: Launch): void {
  launchHere(command, () => tell({ tell: 'over', id, why: null })).then(
    (words) => tell({ tell: 'said', id, words }),
    (error: unknown) => tell({ tell: 'over', id, why: String(error) }),
  )
}
