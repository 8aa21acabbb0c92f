import type { EventEmitter } from 'eventemitter3'
import PQueue from 'p-queue'
import { type Action, concerned } from '../decide/action.ts'
import * as moves from '../decide/moves.ts'
import { OrchError } from '../model/error.ts'
import type { TaskId } from '../model/task.ts'
import { applyAction } from './apply.ts'
import type { EffectContext } from './effects/effect.ts'
import type { OrchestratorEvents } from './events.ts'
import { Failures } from './failures.ts'
import type { Noticed } from './noticed.ts'
import type { Setup } from './ports.ts'
import { restMs } from './rest.ts'

/** Effects of different tasks that run side by side. Most of their time is git's, which is the disk's. */
const effectsAtOnce = 8

interface Around {
  readonly setup: Setup
  readonly events: EventEmitter<OrchestratorEvents>
  readonly noticed: Noticed
  /** Called after each effect: the world may have moved. */
  readonly onSettled: () => void
}

/** The effects that are under way, and how long their tasks are left alone when one has failed. */
export class Effects {
  /** Tasks that something is being done about. */
  readonly busy = new Set<TaskId>()
  readonly #queue = new PQueue({ concurrency: effectsAtOnce })
  readonly #failures = new Failures()
  readonly #setup: Setup
  readonly #events: EventEmitter<OrchestratorEvents>
  readonly #noticed: Noticed
  readonly #onSettled: () => void
  #fatal: unknown = null

  constructor({ setup, events, noticed, onSettled }: Around) {
    this.#setup = setup
    this.#events = events
    this.#noticed = noticed
    this.#onSettled = onSettled
  }

  /** Resolves when no effect is under way. */
  async settled(): Promise<void> {
    await this.#queue.onIdle()
    this.throwFatal()
  }

  /** Whoever waits next hears of what ended an effect that nothing can mend, once. */
  throwFatal(): void {
    const fatal = this.#fatal
    this.#fatal = null
    if (fatal !== null) throw fatal
  }

  launch(context: EffectContext, action: Exclude<Action, { do: 'claim' }>): void {
    const busy = concerned(action)
    for (const id of busy) this.busy.add(id)
    const effect = async (): Promise<void> => {
      try {
        await applyAction(context, action)
        this.#failures.forget(action.id)
        this.#release(busy)
      } catch (error) {
        // Resting takes no place among the effects.
        this.#rest(action, error, context)
          .catch((worse: unknown) => {
            this.#fatal = worse
          })
          .finally(() => this.#release(busy))
      }
    }
    void this.#queue.add(effect)
  }

  #release(busy: readonly TaskId[]): void {
    for (const id of busy) this.busy.delete(id)
    this.#onSettled()
  }

  /** An effect that failed is tried again by a later pass, not by the very next: the task is left alone for a while. */
  async #rest(action: Exclude<Action, { do: 'claim' }>, error: unknown, context: EffectContext): Promise<void> {
    if (!OrchError.is(error) || error.code === 'bug') {
      this.#fatal = error
      return
    }
    const { count, isNew, isHopeless } = this.#failures.add(action.id, error)
    // Said once: the same line every half a minute tells nothing new.
    if (isNew) this.#events.emit('problem', { task: action.id, message: error.message })
    if (isHopeless) await this.#giveUp(action, error.message, context)
    await this.#setup.ports.clock.sleep(restMs(error, count, this.#setup.random), { signal: context.signal })
  }

  /** One task that cannot be helped never keeps the others from theirs: a person decides. */
  async #giveUp(action: Exclude<Action, { do: 'claim' }>, message: string, context: EffectContext): Promise<void> {
    const record = 'record' in action ? action.record : null
    if (record === null) return
    if (record.state.outcome !== null) {
      this.#noticed.left.add(action.id)
      this.#events.emit('problem', { task: action.id, message: 'it is left as it is; the next run puts it away' })
      return
    }
    const asking = moves.askPerson(record.state, context.mover(), message, ['retry', 'cancel'])
    await context.write(action.id, record, asking)
  }
}
