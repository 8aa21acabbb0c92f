import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { OrchError } from '@orch/core'
import type { Launch, Ran, Reply, Request, Run } from './message.ts'

/** Processes that a program starts itself before a spawner is worth its own start. */
const firstOnes = 6

/** How long it may take to answer that it ended something. Milliseconds. */
const patienceMs = 5000

/**
 * Starts processes for us. Starting one copies the page tables of whoever starts it, and every page that that one then writes: for a
 * program of some 100 MB this costs several times the work of a short git command. The spawner is small. It is ended by our end.
 */
export interface Spawner {
  /** Rejects with a retryable `OrchError` when the spawner died: nobody knows whether it ran. */
  run(run: Run, signal?: AbortSignal): Promise<Ran>
  /**
   * Resolves to what the process said before it closed descriptor 3. Rejects when it could not be started, or as `run` does.
   *
   * @param onEnd hints that it ended
   */
  launch(launch: Launch, onEnd: () => void): Promise<string>
}

let asked = 0
let current: Connection | null = null
/** It ended before it was ready, or its file is not where we are. */
let impossible = false

/** Null as long as the caller has to start its process itself, or does better to. There is one spawner in a program, whoever asks. */
export function spawner(): Spawner | null {
  asked++
  if (asked <= firstOnes || impossible) return null
  if (current === null || current.gone) current = connect()
  return current?.ready === true ? current : null
}

function connect(): Connection | null {
  try {
    const file = createRequire(import.meta.url).resolve('#spawner')
    return new Connection(file, () => {
      impossible = true
    })
  } catch {
    impossible = true
    return null
  }
}

interface Waiting {
  readonly done: (answer: Ran | string) => void
  readonly failed: (error: Error) => void
}

class Connection implements Spawner {
  ready = false
  gone = false
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #ends = new Map<number, () => void>()
  #last = 0
  readonly #onFailure: () => void

  constructor(file: string, onFailure: () => void) {
    this.#onFailure = onFailure
    this.#process = fork(file, [], {
      cwd: '/',
      env: {},
      // Not the program's own flags (a debugger's port, the size of its heap), but what keeps it small.
      execArgv: ['--optimize-for-size', '--max-semi-space-size=1'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // A Ctrl-C in the terminal is for us: a git that dies from it leaves half-written files.
      detached: true,
    })
    this.#process.on('message', (reply: Reply) => this.#hear(reply))
    this.#process.on('error', () => this.#lose())
    this.#process.on('disconnect', () => this.#lose())
    this.#hold()
  }

  async run(run: Run, signal?: AbortSignal): Promise<Ran> {
    const id = ++this.#last
    let patience: NodeJS.Timeout | undefined
    const stop = () => {
      this.#send({ ask: 'kill', id })
      patience = setTimeout(() => this.#lose(), patienceMs)
    }
    const guard = setTimeout(() => this.#lose(), run.longest + patienceMs).unref()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return (await this.#ask(id, { ask: 'run', id, ...run })) as Ran
    } finally {
      signal?.removeEventListener('abort', stop)
      clearTimeout(patience)
      clearTimeout(guard)
    }
  }

  async launch(launch: Launch, onEnd: () => void): Promise<string> {
    const id = ++this.#last
    this.#ends.set(id, onEnd)
    return (await this.#ask(id, { ask: 'launch', id, ...launch })) as string
  }

  #ask(id: number, request: Request): Promise<Ran | string> {
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed })
      this.#hold()
      this.#send(request)
    })
  }

  #send(request: Request): void {
    this.#process.send(request, (error) => {
      if (error !== null) this.#lose()
    })
  }

  #hear(reply: Reply): void {
    switch (reply.tell) {
      case 'ready':
        this.ready = true
        break
      case 'ran':
        this.#waiting.get(reply.id)?.done(reply)
        break
      case 'said':
        this.#waiting.get(reply.id)?.done(reply.words)
        break
      case 'over':
        if (reply.why !== null) this.#waiting.get(reply.id)?.failed(new Error(reply.why))
        this.#ends.get(reply.id)?.()
        this.#ends.delete(reply.id)
    }
    if (reply.tell !== 'ready' && (reply.tell !== 'over' || reply.why !== null)) this.#waiting.delete(reply.id)
    this.#hold()
  }

  #lose(): void {
    if (!this.ready && !this.gone) this.#onFailure()
    this.gone = true
    this.ready = false
    const error = new OrchError('spawner-ended', 'the process that starts processes for orch was ended', {
      retryable: true,
    })
    for (const { failed } of this.#waiting.values()) failed(error)
    this.#waiting.clear()
    // It may be that they ended.
    for (const onEnd of this.#ends.values()) onEnd()
    this.#ends.clear()
    // It may be that it only does not answer.
    this.#process.kill('SIGKILL')
    this.#hold()
  }

  /** Only while somebody waits for an answer does it keep the program from ending. */
  #hold(): void {
    const how = this.#waiting.size > 0 ? 'ref' : 'unref'
    this.#process[how]()
    this.#process.channel?.[how]()
  }
}
