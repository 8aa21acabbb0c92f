import { type Local, local } from '@orch/adapter-local'
import { command, createOrchestrator, type Orchestrator } from '@orch/core'
import { planTasks } from '@orch/core/plan'
import { memoryQueue } from '@orch/core/testing'

export const types: readonly unknown[] = [local, command, createOrchestrator, planTasks, memoryQueue]
export type Names = [Local, Orchestrator]
