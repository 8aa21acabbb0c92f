import type { MemoryQueue } from '../memory-queue.ts'
import type { Actor } from './scheduler.ts'

/** A process that runs an orchestrator. It can be suspended, and it can be killed at any await. */
export class SimulatedProcess implements Actor {
  readonly name: string
  dead = false
  pausedUntil = 0

  readonly #queues: MemoryQueue[] = []

  constructor(name: string) {
    this.name = name
  }

  /** The queue as this process opens it. */
  openQueue(queue: MemoryQueue): MemoryQueue {
    const opened = queue.alongside()
    this.#queues.push(opened)
    return opened
  }

  kill(): void {
    this.dead = true
  }

  /** It is gone: the system closes what it had open. */
  exit(): void {
    for (const queue of this.#queues) queue[Symbol.dispose]()
  }
}

/** What the dead wait for. */
export const never = new Promise<never>(() => undefined)
