import type { StatusRow } from '@orch/core'

export const noon = Date.parse('2026-01-01T12:00:00Z')

export function minutesAgo(minutes: number): string {
  return new Date(noon - minutes * 60_000).toISOString()
}

export function row(id: string, given: Partial<StatusRow> = {}): StatusRow {
  return {
    id,
    title: id,
    epic: null,
    status: 'waiting',
    phase: 'open',
    outcome: null,
    attempt: 0,
    branch: null,
    worktreePath: null,
    startedAt: null,
    lastHeartbeat: null,
    movedAt: null,
    stuckReason: null,
    options: [],
    guidance: null,
    reviewUrl: null,
    filesChanged: null,
    insertions: null,
    deletions: null,
    outside: [],
    waits: null,
    waitsFor: null,
    ...given,
  }
}

/** The example of the manual. */
export const rows: readonly StatusRow[] = [
  row('123', {
    title: 'Add export button',
    status: 'working',
    movedAt: minutesAgo(45),
    filesChanged: 3,
    insertions: 42,
    deletions: 5,
  }),
  row('124', {
    title: 'Implement auth flow',
    status: 'stuck',
    movedAt: minutesAgo(12),
    stuckReason: 'token refresh',
    options: ['sliding expiration', 'fixed expiration'],
  }),
  row('125', {
    title: 'Add dark mode',
    status: 'complete',
    movedAt: minutesAgo(2),
    waits: 'waits for landing: orch land 125',
    waitsFor: 'approval',
  }),
  row('126', { waits: 'waits for 124 (depends on it)' }),
  row('127', { waits: 'waits for 123 (both write src/components/Button.tsx)' }),
]
