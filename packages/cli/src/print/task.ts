import type { TaskReport } from '@orch/core'
import { answerCommands } from './answer-commands.ts'
import { age } from './duration.ts'
import type { Look } from './look.ts'
import { plain, plainLines } from './plain.ts'
import { changesOf, stuckText } from './status.ts'
import { padEnd } from './width.ts'

/** `orch show`. `now` in milliseconds since 1970. */
export function taskText(task: TaskReport, look: Look, now: number): string {
  const blocks = [
    [`${look.style('bold', plain(task.id))}  ${plain(task.title)}`],
    facts(task, now).map(([name, value]) => `  ${look.style('dim', padEnd(name, 9))}  ${value}`),
    block('What is to be done', task.body === '' ? [] : plainLines(task.body.trimEnd()), look),
    block('Stuck', stuckLines(task), look),
    block('History', historyLines(task, now), look),
    block('Guidance', task.allGuidance.map(guidanceLine), look),
    block('Before it lands', checklistLines(task), look),
    block('What its reviewer says', verdictLines(task), look),
    block('Changed outside its scope', task.outside.map(plain), look),
    block('Left out of the commit, kept', task.left.map(plain), look),
    block('Printed last', task.tail.flatMap(plainLines), look),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function facts(task: TaskReport, now: number): (readonly [string, string])[] {
  const since = age(task.movedAt, now)
  const all: (readonly [string, string | null])[] = [
    [
      'status',
      `${task.status}${since === '' ? '' : `, for ${since}`}${task.outcome === null ? '' : ` (${task.outcome})`}`,
    ],
    ['why', task.why],
    ['waits', task.waits],
    [
      'landed',
      task.landed === null ? null : `${task.landed.commit}${task.landed.by === 'other' ? ', by somebody else' : ''}`,
    ],
    ['kind', task.kind === 'change' ? null : task.kind],
    ['after', task.dependsOn.length === 0 ? null : task.dependsOn.join(', ')],
    ['writes', writesText(task.writes)],
    ['priority', task.priority === 2 ? null : String(task.priority)],
    ['attempt', task.attempt === 0 ? null : String(task.attempt)],
    ['phase', task.phase],
    ['branch', task.branch],
    ['workspace', task.worktreePath],
    ['changes', changesOf(task)],
    ['review', task.reviewUrl],
  ]
  return all.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, plain(value)] as const]))
}

function writesText(writes: readonly string[] | null): string {
  if (writes === null) return 'unknown'
  return writes.length === 0 ? 'nothing' : writes.join(', ')
}

function stuckLines(task: TaskReport): string[] {
  if (task.status !== 'stuck') return []
  return [
    stuckText(task),
    ...(task.stuckContext === null || task.stuckContext === '' ? [] : plainLines(task.stuckContext.trimEnd())),
    `Go on with: ${answerCommands(task).join('   ')}`,
  ]
}

/** Once there is something to land, or there was. */
function checklistLines({ checklist, phase }: TaskReport): string[] {
  if (phase === 'open' || phase === 'spawned') return []
  const words = { yes: 'yes', no: 'no', 'not-yet': 'not yet', 'not-asked': 'not asked' } as const
  return checklist.map(({ item, is, why }) => {
    const name = item.replaceAll('-', ' ')
    return why === null
      ? `${padEnd(name, 15)}  ${words[is]}`
      : `${padEnd(name, 15)}  ${padEnd(words[is], 9)}  ${plain(why)}`
  })
}

function verdictLines({ verdict }: TaskReport): string[] {
  if (verdict === null) return []
  const findings = verdict.findings.flatMap(({ file, line, text }) =>
    plainLines(`${file}${line === undefined ? '' : `:${line}`}: ${text}`),
  )
  return [...plainLines(verdict.summary), ...findings]
}

/** Who wrote it down is told where it is somebody else than before. */
function historyLines({ history }: TaskReport, now: number): string[] {
  const ages = history.map(({ at }) => `${age(at, now)} ago`)
  const width = Math.max(0, ...ages.map((text) => text.length))
  return history.map(({ phase, why, by }, index) => {
    const other = index > 0 && history[index - 1]?.by !== by
    return `${padEnd(ages[index] ?? '', width)}  ${padEnd(phase, 10)}  ${plain(why)}${other ? ` (${plain(by)})` : ''}`
  })
}

function guidanceLine({ text, turn }: TaskReport['allGuidance'][number]): string {
  return `${turn === null ? 'not handed over yet' : `turn ${plain(turn)}`}: ${plain(text)}`
}

function block(name: string, lines: readonly string[], look: Look): string[] {
  return lines.length === 0 ? [] : [look.style('bold', name), ...lines.map((line) => `  ${line}`.trimEnd())]
}
