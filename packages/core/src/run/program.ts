import type { EventEmitter } from 'eventemitter3'
import { OrchError } from '../model/error.ts'
import { ok } from '../model/result.ts'
import type { OrchestratorEvents } from './events.ts'
import type { Setup } from './ports.ts'

/** The programs of agent and reviewer, looked for once per run and before the first seat is taken: without it every task would fail in turn. */
export class Program {
  readonly #setup: Setup
  readonly #events: EventEmitter<OrchestratorEvents>
  /** Why it cannot be run; null when it can, undefined while nobody has looked. */
  #missing: string | null | undefined

  constructor(setup: Setup, events: EventEmitter<OrchestratorEvents>) {
    this.#setup = setup
    this.#events = events
  }

  /** A new run: it may have been installed. */
  forget(): void {
    this.#missing = undefined
  }

  async canRun(signal: AbortSignal): Promise<boolean> {
    if (this.#missing === undefined) {
      this.#missing = await this.#look(signal)
      if (this.#missing !== null) this.#events.emit('problem', { task: null, message: this.#missing })
    }
    return this.#missing === null
  }

  async #look(signal: AbortSignal): Promise<string | null> {
    const { agent, reviewer, policy, ports } = this.#setup
    const wanted = policy.landing.review === 'agent' ? { agent, reviewer } : { agent }
    for (const [name, profile] of Object.entries(wanted)) {
      const found = (await ports.runner.check?.({ profile, signal })) ?? ok()
      if (!found.ok) return `${found.detail ?? `${profile.argv[0]} cannot be run.`} Set ${name}.command.`
    }
    return null
  }

  /** Throws when this run started nothing because there is no program to start. */
  throwIfMissing(): void {
    if (this.#missing != null) throw new OrchError('no-command', `${this.#missing} No task was started.`)
  }
}
