/** How far a task has come. Stored, because people query it; moves only along the table below. */
export type Phase = 'open' | 'spawned' | 'working' | 'committed' | 'pr_created' | 'merged' | 'closed'

export type PhaseEvent =
  | 'claim' // an orchestrator takes the task: a new attempt
  | 'start' // a turn's process was seen
  | 'seal' // what the turn left is in commits
  | 'open-review'
  | 'next-turn' // guidance, a conflict, changes requested, red checks: back to the agent
  | 'retry' // the attempt failed, or a person wants another one
  | 'land'
  | 'close'

const table: Record<Phase, Partial<Record<PhaseEvent, Phase>>> = {
  open: { claim: 'spawned', close: 'closed' },
  spawned: { claim: 'spawned', start: 'working', retry: 'open', seal: 'committed', close: 'closed' },
  working: { seal: 'committed', 'next-turn': 'spawned', retry: 'open', close: 'closed' },
  committed: { 'open-review': 'pr_created', 'next-turn': 'spawned', retry: 'open', close: 'closed' },
  pr_created: { land: 'merged', 'next-turn': 'spawned', 'open-review': 'pr_created', retry: 'open', close: 'closed' },
  merged: { close: 'closed' },
  closed: { retry: 'open' },
}

/** The phase after `event`, or null when the table has no such move. */
export function step(phase: Phase, event: PhaseEvent): Phase | null {
  return table[phase][event] ?? null
}
