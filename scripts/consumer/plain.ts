import { type Local, local } from '@orch/adapter-local'
import { command, createOrchestrator, type Orchestrator } from '@orch/core'
import { drawGraph, type GraphNode, toGraphlib } from '@orch/core/draw'
import { planTasks } from '@orch/core/plan'
import { memoryQueue } from '@orch/core/testing'

export const types: readonly unknown[] = [
  local,
  command,
  createOrchestrator,
  planTasks,
  drawGraph,
  toGraphlib,
  memoryQueue,
]
export type Names = [Local, Orchestrator, GraphNode]
