/** How far a task has come. Stored, because people query it; moves only along the table below. */
export type Phase = 'open' | 'spawned' | 'working' | 'committed' | 'pr_created' | 'merged' | 'closed'

export type PhaseEvent =
  | 'claim' // an attempt or a turn gets its seat: the first, one after a failure, an answer, a repair
  | 'start' // the turn's process was seen
  | 'seal' // what the turn left is in commits
  | 'open-review'
  | 'land'
  | 'close'
  | 'reopen' // by a person only

const table: Record<Phase, Partial<Record<PhaseEvent, Phase>>> = {
  open: { claim: 'spawned', close: 'closed' },
  spawned: { claim: 'spawned', start: 'working', close: 'closed' },
  working: { claim: 'spawned', seal: 'committed', close: 'closed' },
  committed: { claim: 'spawned', 'open-review': 'pr_created', close: 'closed' },
  pr_created: { claim: 'spawned', 'open-review': 'pr_created', land: 'merged', close: 'closed' },
  merged: { close: 'closed' },
  closed: { reopen: 'open' },
}

/** The phase after `event`, or null when the table has no such move. */
export function step(phase: Phase, event: PhaseEvent): Phase | null {
  return table[phase][event] ?? null
}
