import type { RunResult, StatusRow } from '@orch/core'
import { answerCommands } from './answer-commands.ts'
import type { Look } from './look.ts'
import { plain, shellWord } from './plain.ts'
import { count } from './status.ts'

/** How a run ended, and what a person can type next. */
export function closing(result: RunResult, look: Look): string {
  const next = result.outcome === 'done' ? [] : nextSteps(result.tasks)
  return [sentence(result), ...next.map((step) => `  ${look.style('cyan', step)}`)].join('\n')
}

function sentence({ outcome, tasks }: RunResult): string {
  const stuck = tasks.filter((row) => row.status === 'stuck').length
  switch (outcome) {
    case 'done': {
      if (tasks.length === 0) return 'There was nothing to do.'
      const cancelled = tasks.filter((row) => row.status === 'cancelled').length
      const rest = tasks.length - cancelled
      return `Done: ${count(rest, 'task')} finished${cancelled === 0 ? '' : `, ${cancelled} cancelled`}.`
    }
    case 'failures':
      return `${count(stuck, 'task')} ${stuck === 1 ? 'needs' : 'need'} a decision. Next:`
    case 'waits':
      return 'Nothing more can move without you. Next:'
    case 'interrupted':
      return 'Interrupted. Go on with:\n  orch run'
  }
}

function nextSteps(rows: readonly StatusRow[]): string[] {
  const red = rows.filter((row) => row.waitsFor === 'red-target')
  const steps = rows.flatMap((row) => {
    if (row.status === 'stuck') return answerCommands(row).slice(0, 1)
    if (row.waitsFor === 'taken') return [`orch give ${shellWord(row.id)}`]
    if (row.waitsFor === 'paused') return [`orch resume ${shellWord(row.id)}`]
    return row.status === 'complete' && row.waitsFor === 'approval' ? [`orch land ${shellWord(row.id)}`] : []
  })
  if (rows.some((row) => row.waitsFor === 'run-paused')) steps.push('orch resume')
  // Whoever mends the target needs to see what is red there first.
  if (red[0] !== undefined) steps.push(`orch show ${shellWord(red[0].id)}`, 'orch run')
  return steps.length === 0 ? ['orch status'] : steps
}

/** What the first Ctrl-C (or SIGTERM) means. */
export function interruptedText(by: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): string {
  const again = by === 'SIGINT' ? ' Ctrl-C again stops the agents, too.' : ''
  return `Interrupted: no new work is started.${again}`
}

export function leftRunningText(ids: readonly string[]): string {
  if (ids.length === 0) return 'No agent is at work.'
  const they = ids.length === 1 ? 'Its agent keeps' : 'Their agents keep'
  return `${they} running: ${ids.map(plain).join(', ')}. The next orch run takes ${ids.length === 1 ? 'it' : 'them'} over.`
}

export function stoppedText(ids: readonly string[]): string {
  if (ids.length === 0) return 'No agent had to be stopped.'
  return `Stopped: ${ids.map(plain).join(', ')}. What they did is kept; the next orch run starts them again.`
}
