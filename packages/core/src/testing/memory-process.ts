import type { JsonValue } from '../model/json.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { AgentProfile } from '../model/profile.ts'
import { latestReport, type Report } from '../model/report.ts'
import type { Guidance } from '../model/request.ts'
import type { Turn } from '../model/turn.ts'

/** What a process was started with. */
export interface MemoryStart {
  readonly key: ProcessKey
  readonly profile: AgentProfile
  readonly directory: string
  readonly prompt: string
  readonly environment: Readonly<Record<string, string>>
  readonly resume: JsonValue | null
  readonly isReader: boolean
}

/** How a process ends. */
export interface MemoryEnd {
  /** Default 0. */
  readonly exit?: number
  /** Said right before the end. */
  readonly report?: Report
  /** It leaves a child behind, which `stop` ends. Default false. */
  readonly survivors?: boolean
  /** The session that a later turn can resume. Default: the one that it was started with. */
  readonly resume?: JsonValue
}

/** What a script can do in the place of its agent. Once the process has ended all of it does nothing, as for the dead. */
export interface MemoryAgent {
  readonly start: MemoryStart
  /** What was sent to it so far. */
  readonly inbox: readonly Guidance[]
  /** Aborted when the process is over, by whatever hand. */
  readonly signal: AbortSignal
  print(...lines: readonly string[]): void
  report(report: Report): void
  finish(end?: MemoryEnd): void
  /** It dies and leaves no record of its end. */
  vanish(end?: Omit<MemoryEnd, 'exit'>): void
  /** What `stop` does to it: `killed` ends it with 137 instead of 143, `survives` cannot be ended. */
  resist(how: 'killed' | 'survives'): void
}

interface MemoryHooks {
  readonly moved: () => void
  readonly now: () => number
  readonly elapsed: () => number
}

/** One process that is none. */
export class MemoryProcess implements MemoryAgent {
  readonly start: MemoryStart
  readonly inbox: Guidance[] = []
  readonly lines: string[] = []
  /** Why nobody can tell what became of it, while that is so. */
  hidden: string | null = null
  /** Null while it lives. */
  #end: (MemoryEnd & { readonly is: 'ended' | 'vanished' }) | null = null
  #report: Report | null = null
  #reports = 0
  #signs = 0
  #lastSignAt: number
  #silentSince: number
  #resists: 'killed' | 'survives' | null = null
  readonly #hooks: MemoryHooks
  readonly #startedAt: number
  /** Made for who asks: most scripts do not. */
  #over: AbortController | null = null

  constructor(start: MemoryStart, hooks: MemoryHooks) {
    this.start = start
    this.#hooks = hooks
    this.#startedAt = hooks.elapsed()
    this.#lastSignAt = hooks.now()
    this.#silentSince = this.#startedAt
  }

  get alive(): boolean {
    return this.#end === null
  }

  /** Whether somebody can see that something of it is alive. */
  get isLive(): boolean {
    return this.hidden === null && (this.#end?.survivors ?? this.#end === null)
  }

  get signal(): AbortSignal {
    this.#over ??= new AbortController()
    if (!this.alive) this.#over.abort()
    return this.#over.signal
  }

  get turn(): Turn {
    if (this.hidden !== null) return { is: 'unknown', why: this.hidden }
    const said = { report: this.#report, reports: this.#reports }
    if (this.#end === null) {
      const elapsed = this.#hooks.elapsed()
      const [runsFor, silentFor] = [elapsed - this.#startedAt, elapsed - this.#silentSince]
      return { is: 'alive', sign: String(this.#signs), lastSignAt: this.#lastSignAt, runsFor, silentFor, ...said }
    }
    const { is, exit = 0, survivors = false, resume = this.start.resume } = this.#end
    return is === 'ended' ? { is, exit, ...said, survivors, resume } : { is, ...said, survivors, resume }
  }

  print(...lines: readonly string[]): void {
    if (!this.alive) return
    this.lines.push(...lines)
    this.#sign()
  }

  report(report: Report): void {
    if (!this.alive) return
    this.#report = latestReport(this.#report, report)
    this.#reports += 1
    this.#sign()
    this.#hooks.moved()
  }

  finish(end: MemoryEnd = {}): void {
    this.#die('ended', end)
  }

  vanish(end: Omit<MemoryEnd, 'exit'> = {}): void {
    this.#die('vanished', end)
  }

  resist(how: 'killed' | 'survives'): void {
    this.#resists = how
  }

  stop(): 'stopped' | 'survivors' {
    if (this.hidden !== null || this.#resists === 'survives') return 'survivors'
    this.finish({ exit: this.#resists === 'killed' ? 137 : 143 })
    if (this.#end !== null) this.#end = { ...this.#end, survivors: false }
    return 'stopped'
  }

  #die(is: 'ended' | 'vanished', end: MemoryEnd): void {
    if (!this.alive) return
    if (end.report !== undefined) this.report(end.report)
    this.#end = { ...end, is }
    this.#over?.abort()
    this.#hooks.moved()
  }

  /** It has got guidance, and is heard from that on. */
  send(guidance: Guidance): void {
    this.inbox.push(guidance)
    this.#listen()
  }

  #sign(): void {
    this.#listen()
    this.#lastSignAt = this.#hooks.now()
  }

  #listen(): void {
    this.#signs += 1
    this.#silentSince = this.#hooks.elapsed()
  }
}
