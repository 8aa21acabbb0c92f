import { EventEmitter } from 'eventemitter3'
import type { Request } from '../model/request.ts'
import type { TaskId } from '../model/task.ts'
import { checkedPriority } from './asking.ts'
import type { Asked } from './contract.ts'
import type { OrchestratorEvents } from './events.ts'

/** What a person asks of one task, each as the request that is stored for whoever runs it. */
export abstract class PersonVerbs extends EventEmitter<OrchestratorEvents> {
  protected abstract ask(id: TaskId, request: Request): Promise<Asked>

  guide(id: TaskId, text: string): Promise<Asked> {
    return this.ask(id, { do: 'guide', text })
  }

  cancel(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'cancel' })
  }

  retry(id: TaskId, options: { readonly fresh?: boolean } = {}): Promise<Asked> {
    return this.ask(id, { do: 'retry', fresh: options.fresh ?? false })
  }

  land(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'land' })
  }

  release(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'release' })
  }

  take(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'take' })
  }

  give(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'give' })
  }

  pause(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'pause' })
  }

  resume(id: TaskId): Promise<Asked> {
    return this.ask(id, { do: 'resume' })
  }

  async prioritise(id: TaskId, priority: number): Promise<Asked> {
    return this.ask(id, { do: 'prioritise', priority: checkedPriority(id, priority) })
  }
}
