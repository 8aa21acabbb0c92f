/**
 * An ordinary program that stands in for a coding agent: no model, no network. It does what any agent does here: it reads its task
 * from the environment, edits files in its worktree, commits, and reports through `$ORCH_OUTBOX`.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { work } from './work.ts'

const {
  ORCH_TASK: task = '',
  ORCH_ATTEMPT: attempt = '',
  ORCH_OUTBOX: outbox = '',
  ORCH_PROMPT_FILE: promptFile = '',
} = process.env

/** As long as a very fast agent would think, so that a person can follow. */
const thinkingMs = 500

tell({ tell: 'planning' })
await pause(thinkingMs)
tell({ tell: 'working', note: 'editing' })

if (task === 'parse' && attempt === '1') {
  edit('src/parse.ts', "export function parse(text: string) {\n  throw new Error('half done')\n")
  commit('wip')
  process.kill(process.pid, 'SIGKILL')
}

const currency = task === 'currency' ? chosenCurrency() : ''
if (task === 'currency' && currency === '') {
  tell({
    tell: 'stuck',
    reason: 'which currency do amounts have?',
    options: ['EUR', 'USD'],
    context: 'src/currency.ts writes it behind every amount',
  })
  process.exit(0)
}

for (const [path, change] of Object.entries(work[task] ?? {})) {
  const text = typeof change === 'string' ? change : change(readFileSync(path, 'utf8'))
  edit(path, text.replaceAll('CURRENCY', currency))
}
await pause(thinkingMs)
commit(`Do ${task}`)
tell({ tell: 'done' })

function chosenCurrency(): string {
  const told = readFileSync(promptFile, 'utf8').split('## What you are told now')[1] ?? ''
  return /\b(EUR|USD)\b/.exec(told)?.[1] ?? ''
}

function tell(report: Readonly<Record<string, unknown>>): void {
  appendFileSync(outbox, `${JSON.stringify(report)}\n`)
}

function edit(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A crashed attempt's "wip" commit is finished rather than built upon. */
function commit(message: string): void {
  const before = execFileSync('git', ['log', '-1', '--format=%s'], { encoding: 'utf8' }).trim()
  execFileSync('git', ['add', '--all'])
  execFileSync('git', ['commit', '--quiet', ...(before === 'wip' ? ['--amend'] : []), '--message', message])
}
