import { conflictText, type Orchestrator, type OrchestratorEvents } from '@orch/core'
import { stopwatch } from './duration.ts'
import type { Format, Look } from './look.ts'
import { plain } from './plain.ts'
import { outsideOf } from './status.ts'

type Told = { readonly symbol: string; readonly format: Format; readonly task: string | null; readonly text: string }
type Teller = {
  readonly [Name in keyof OrchestratorEvents]: (event: Parameters<OrchestratorEvents[Name]>[0]) => Told | null
}

const tellers: Teller = {
  // The start follows at once.
  'task-claimed': () => null,
  'task-started': ({ task, attempt, turn }) => ({
    symbol: '▶',
    format: 'cyan',
    task,
    text: `agent started${attempt > 1 || turn > 1 ? ` (attempt ${attempt}, turn ${turn})` : ''}`,
  }),
  'epic-gathered': ({ epic, target }) => ({
    symbol: '•',
    format: 'dim',
    task: epic,
    text: `its tasks are over; what ${target} holds is to land as one change`,
  }),
  'task-stuck': ({ task, stuck }) => {
    const options = stuck.options.length === 0 ? '' : `: ${stuck.options.join(' | ')}`
    return { symbol: '!', format: 'yellow', task, text: `needs a decision: ${stuck.reason}${options}` }
  },
  'task-stopped': ({ task, why }) => ({ symbol: '■', format: 'yellow', task, text: `${why}; what it did is kept` }),
  'task-taken': ({ task }) => ({ symbol: '‖', format: 'yellow', task, text: 'taken by a person' }),
  'task-paused': ({ task, paused }) => ({ symbol: '‖', format: 'yellow', task, text: paused ? 'paused' : 'goes on' }),
  'task-guided': ({ task, text }) => ({ symbol: '›', format: 'cyan', task, text: `is told: ${text}` }),
  'task-failed': ({ task, attempt, why }) => ({
    symbol: '✗',
    format: 'red',
    task,
    text: `attempt ${attempt} failed: ${why}; trying again`,
  }),
  'task-committed': ({ task, head, left, outside }) => {
    const without = left.length === 0 ? '' : `, without ${left.join(', ')}`
    return {
      symbol: '•',
      format: 'dim',
      task,
      text: [`committed ${head.slice(0, 10)}${without}`, ...outsideOf({ outside })].join(', '),
    }
  },
  'conflict-found': ({ conflict: { task, with: first, files } }) => ({
    symbol: '≠',
    format: 'yellow',
    task,
    text: `would not merge with ${first ?? 'the target'}: ${conflictText(files)}`,
  }),
  'review-started': ({ task }) => ({ symbol: '…', format: 'dim', task, text: 'a reviewer looks at it' }),
  'review-failed': ({ task, why }) => ({ symbol: '✗', format: 'red', task, text: why }),
  'review-ended': ({ task, verdict: { verdict, summary } }) =>
    verdict === 'approve'
      ? { symbol: '•', format: 'dim', task, text: `reviewer approves: ${summary}` }
      : { symbol: '✗', format: 'red', task, text: `reviewer asks for changes: ${summary}` },
  'regeneration-started': ({ task, files, on }) => {
    const made = files.join(', ')
    const text = on === 'candidate' ? `makes ${made} anew` : `cannot make ${made}; can it without this change?`
    return { symbol: '…', format: 'dim', task, text }
  },
  'checks-started': ({ task, on, before }) => {
    const together = before.length === 0 ? 'checks run' : `checks run on this and ${before.join(', ')} together`
    const text = on === 'candidate' ? together : 'checks failed; are they red without this change, too?'
    return { symbol: '…', format: 'dim', task, text }
  },
  'checks-ended': ({ task, passed }) =>
    passed
      ? { symbol: '•', format: 'dim', task, text: 'checks passed' }
      : { symbol: '✗', format: 'red', task, text: 'checks failed' },
  'checks-flaky': ({ task }) => ({
    symbol: '!',
    format: 'yellow',
    task,
    text: 'checks are flaky: red, then green on the same files',
  }),
  'checks-carried': ({ task, beside }) => ({
    symbol: '•',
    format: 'dim',
    task,
    text: `checks passed before ${beside.join(', ')} landed; nobody has checked them together`,
  }),
  'task-waits': ({ task, why }) => ({ symbol: '‖', format: 'yellow', task, text: why }),
  'task-landed': ({ task, commit, by }) => ({
    symbol: '✓',
    format: 'green',
    task,
    text: `landed as ${commit.slice(0, 10)}${by === 'other' ? ', by somebody else' : ''}`,
  }),
  'task-closed': ({ task, outcome }) => {
    if (outcome === 'done') return { symbol: '✓', format: 'green', task, text: 'done' }
    if (outcome === 'cancelled') return { symbol: '–', format: 'dim', task, text: 'cancelled' }
    return { symbol: '✓', format: 'green', task, text: 'done, nothing had to change' }
  },
  problem: ({ task, message }) => ({ symbol: '!', format: 'yellow', task, text: message }),
}

/** Writes a line for each thing that happens. `elapsed` in milliseconds since the run began. */
export function showProgress(
  orchestrator: Pick<Orchestrator, 'on'>,
  options: { readonly write: (line: string) => void; readonly elapsed: () => number; readonly look: Look },
): void {
  const landed = new Set<string>()
  const listen = <Name extends keyof OrchestratorEvents>(name: Name): void => {
    const listener = (event: Parameters<OrchestratorEvents[Name]>[0]): void => {
      const told = tellers[name](event)
      if (told === null) return
      // That it is done goes without saying once it has landed.
      if (name === 'task-landed' && told.task !== null) landed.add(told.task)
      if (name === 'task-closed' && told.task !== null && landed.has(told.task)) return
      options.write(progressLine(told, options.elapsed(), options.look))
    }
    orchestrator.on(name, listener as never)
  }
  for (const name of Object.keys(tellers) as (keyof OrchestratorEvents)[]) listen(name)
}

/** On a terminal `  0:12  ✓ 123  landed as …`; for a file or a program `[12s] 123: landed as …`. */
function progressLine(told: Told, elapsed: number, look: Look): string {
  const text = plain(told.text)
  const task = told.task === null ? null : plain(told.task)
  if (look.width === null) return `[${Math.floor(elapsed / 1000)}s] ${task === null ? '' : `${task}: `}${text}`
  const time = look.style('dim', stopwatch(elapsed).padStart(6))
  const name = task === null ? '' : `${look.style('bold', task)}  `
  return `${time}  ${look.style(told.format, told.symbol)} ${name}${text}`
}
