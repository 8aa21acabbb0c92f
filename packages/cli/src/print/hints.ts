import type { HistoryHints } from '@orch/core/plan'
import { sayRule } from '@orch/core/plan'
import type { Look } from './look.ts'
import { plain } from './plain.ts'
import { wrapped } from './width.ts'

/** Tasks, pairs, and reasons of each that somebody at a terminal can look through. */
const most = 10
const mostReasons = 3

/** What `orch plan --history` adds to a plan. */
export function hintsText({ commits, left, suggestions, overlaps }: HistoryHints, look: Look, all: boolean): string {
  const width = look.width ?? Number.POSITIVE_INFINITY
  const without = left === 0 ? '' : `, without ${grouped(left)} of very many files`
  const lines = [look.style('bold', `From the history (${counted(commits)}${without})`)]
  const say = (text: string, indent: number) => lines.push(...wrapped(plain(text), width, indent))
  const shown = all ? Number.POSITIVE_INFINITY : most
  for (const { task, named, writes, reasons } of suggestions.slice(0, shown)) {
    if (named.length === 0) {
      say(`${task} declares no scope and names no file that is there`, 2)
      continue
    }
    say(`${task} declares no scope; likely: writes: [${writes.join(', ')}]`, 2)
    for (const rule of reasons.slice(0, mostReasons)) say(sayRule(rule), 4)
  }
  rest(suggestions.length - shown, 'task', 'tasks')
  for (const { tasks, rules } of overlaps.slice(0, shown)) {
    say(`${tasks.join(' and ')} are likely to overlap, and nothing keeps them apart:`, 2)
    for (const rule of rules) say(sayRule(rule), 4)
  }
  rest(overlaps.length - shown, 'pair', 'pairs')
  if (lines.length === 1) lines.push('  nothing to add: every task declares its scope, and none is likely to overlap')
  else lines.push('Hints only: the plan is the same without them.')
  return lines.join('\n')

  function rest(count: number, one: string, many: string): void {
    if (count > 0) say(`… and ${count} more ${count === 1 ? one : many}, --all shows them`, 2)
  }
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function counted(commits: number): string {
  return `${grouped(commits)} ${commits === 1 ? 'commit' : 'commits'}`
}
