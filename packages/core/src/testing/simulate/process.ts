import type { Actor } from './scheduler.ts'

/** A process that runs an orchestrator. It can be suspended, and it can be killed at any await. */
export class SimulatedProcess implements Actor {
  readonly name: string
  dead = false
  pausedUntil = 0

  constructor(name: string) {
    this.name = name
  }

  kill(): void {
    this.dead = true
  }
}

/** What the dead wait for. */
export const never = new Promise<never>(() => undefined)
