import { OrchError } from '@orch/core'
import type * as z from 'zod'
import { answerOf, outageOf, type Refusal, refusalOf } from './answer.ts'
import { bdEnvironment } from './environment.ts'
import { type Lane, laneOf } from './lane.ts'
import { type Ran, runProgram } from './program.ts'

export interface BdOptions {
  /** The root of the main worktree. */
  readonly directory: string
  /** Who `bd` says did it. Default `orch`. */
  readonly actor?: string
  /** The program. Default `bd`, as `PATH` has it. */
  readonly program?: string
  /** Milliseconds that one call may take, waiting for the database included. Default 120,000; at least 60,000 where others use it as well. */
  readonly limitMs?: number
}

interface Call<T> {
  readonly argv: readonly string[]
  readonly input?: string
  readonly answer: z.ZodType<T>
  readonly signal: AbortSignal
  /** Default that of all calls. */
  readonly limitMs?: number
}

export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** Calls the program, one call at a time. */
export class Bd {
  readonly directory: string
  readonly #program: string
  readonly #limitMs: number
  readonly #environment: Readonly<Record<string, string>>
  readonly #lane: Lane
  #calls = 0

  constructor({ directory, actor = 'orch', program = 'bd', limitMs = 120_000 }: BdOptions) {
    this.directory = directory
    this.#program = program
    this.#limitMs = limitMs
    this.#environment = bdEnvironment(process.env, actor)
    this.#lane = laneOf(directory)
  }

  /** Processes that were started so far. */
  get calls(): number {
    return this.#calls
  }

  /** Asks for something that changes nothing: it may be ended at any time. */
  async ask<T>(call: Call<T>): Promise<T> {
    const answered = await this.try({ ...call, ends: true })
    if (answered.ok) return answered.value
    throw outageOf(call.argv[0] ?? '', answered.refusal)
  }

  /** The same where a refusal is an answer, too. */
  async try<T>(call: Call<T> & { readonly ends?: true }): Promise<Answered<T>> {
    const ran = await this.#run(call, call.ends === true ? call.signal : undefined)
    if (ran.why === 'killed' || ran.why === 'time-limit') throw this.#unfinished(call.argv, ran)
    return this.#answered(call, ran)
  }

  /**
   * Writes. A call that was killed or took too long may have written all the same: then `readBack` says what is there, null when
   * it did not.
   */
  async write<T>(call: Call<T>, readBack: () => Promise<T | null>): Promise<Answered<T>> {
    const ran = await this.#run(call)
    if (ran.why !== 'killed' && ran.why !== 'time-limit') return this.#answered(call, ran)
    const there = await readBack()
    if (there !== null) return { ok: true, value: there }
    throw this.#unfinished(call.argv, ran)
  }

  /** A call whose answer is only whether it was done. */
  async run(call: Pick<Call<unknown>, 'argv' | 'signal'>): Promise<Answered<null>> {
    const ran = await this.#run(call)
    if (ran.why !== 'ended') throw this.#unfinished(call.argv, ran)
    return ran.exit === 0 ? { ok: true, value: null } : { ok: false, refusal: refusalOf(ran) }
  }

  #answered<T>({ argv, answer }: Call<T>, ran: Ran): Answered<T> {
    if (ran.exit === 0) return { ok: true, value: answerOf(ran, argv[0] ?? '', answer) }
    return { ok: false, refusal: refusalOf(ran) }
  }

  #run({ argv, input, signal, limitMs }: Omit<Call<unknown>, 'answer'>, ends?: AbortSignal): Promise<Ran> {
    return this.#lane.run(async () => {
      signal.throwIfAborted()
      this.#calls++
      const ran = await runProgram({
        program: this.#program,
        argv,
        directory: this.directory,
        environment: this.#environment,
        limitMs: limitMs ?? this.#limitMs,
        ...(input !== undefined && { input }),
        ...(ends && { signal: ends }),
      })
      if (ran.why === 'aborted') signal.throwIfAborted()
      if (ran.why !== 'missing') return ran
      const message = `${this.#program} cannot be started in ${this.directory}; install Beads 1.3 (\`bd\`) or put it on PATH`
      throw new OrchError('beads-unusable', message, { port: 'queue' })
    })
  }

  #unfinished(argv: readonly string[], { why }: Ran): OrchError {
    const [verb = ''] = argv
    const message =
      why === 'killed'
        ? `bd ${verb} was ended from outside; it is tried again`
        : `bd ${verb} took more than ${this.#limitMs / 1000} s: another process keeps the Beads database locked; end it, or wait`
    return new OrchError('store-locked', message, { port: 'queue', retryable: true })
  }
}
