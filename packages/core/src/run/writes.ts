import PQueue from 'p-queue'
import { failed, type Result } from '../model/result.ts'
import { claimFields, type RunState } from '../model/run-state.ts'
import type { WriteOptions, Written } from '../ports/run-store.ts'
import type { TaskQueue } from '../ports/task-queue.ts'

type Answer = Result<Written, 'stale' | 'gone' | 'taken'>

/**
 * The records as this process writes them. A store with one seat does not look at what a claim was decided on: what this process itself writes
 * in between is kept from it here.
 */
export class Writes {
  readonly #queue: TaskQueue
  readonly #oneByOne = new PQueue({ concurrency: 1 })
  #moves = 0

  constructor(queue: TaskQueue) {
    this.#queue = queue
  }

  /** Grows with everything that claims depend on and that may have been written. */
  get moves(): number {
    return this.#moves
  }

  write(options: WriteOptions, before: RunState | null): Promise<Answer> {
    const isMove = before === null || claimFields(before) !== claimFields(options.next)
    return this.#inTurn(async () => {
      try {
        return await this.#queue.write(options)
      } finally {
        // One that did not answer may have taken place.
        if (isMove) this.#moves++
      }
    })
  }

  /**
   * @param moves how many there had been when that was decided
   * @param fence called right before it is made
   */
  claim(options: WriteOptions, moves: number, fence: () => void): Promise<Answer> {
    return this.#inTurn(async () => {
      fence()
      return this.#moves === moves ? this.#queue.write(options) : failed('stale')
    })
  }

  #inTurn(write: () => Promise<Answer>): Promise<Answer> {
    return this.#queue.schedulers === 'one' ? this.#oneByOne.add(write) : write()
  }
}
