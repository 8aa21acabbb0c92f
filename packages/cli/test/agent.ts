import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { freshFolder } from './rig.ts'

/**
 * An agent without a model. What it does hangs on the title of the task in its prompt: it writes `<task>.txt`, asks first when the title
 * says so, or stays at work until the file `go` is there.
 */
const program = `
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
const { ORCH_TASK, ORCH_TURN, ORCH_PROMPT_FILE } = process.env
const prompt = readFileSync(ORCH_PROMPT_FILE, 'utf8')
const here = import.meta.dirname
writeFileSync(join(here, ORCH_TASK + '.new'), String(process.pid))
renameSync(join(here, ORCH_TASK + '.new'), join(here, ORCH_TASK + '.pid'))
if (prompt.includes('Ask first') && !prompt.includes('use the blue one')) {
  execFileSync('orch', ['tell', 'stuck', '--reason', 'which colour', '--option', 'red', '--option', 'blue', '--context', 'both exist'])
  process.exit(0)
}
const mayWait = () => existsSync(import.meta.filename) && !existsSync(join(here, 'go')) // a test that failed leaves no agent behind
if (prompt.includes('Take your time')) while (mayWait()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
if (prompt.includes('Only look')) {
  execFileSync('orch', ['tell', 'done', '--no-changes', 'it looked'])
  process.exit(0)
}
if (prompt.includes('Fail')) process.exit(3)
writeFileSync(ORCH_TASK + '.txt', 'by ' + ORCH_TASK + '\\n')
execFileSync('orch', ['tell', 'done'])
`

export interface TestAgent {
  readonly command: readonly string[]
  /** Where it writes its process ids, and looks for \`go\`. */
  readonly folder: string
  letGo(): void
  /** Resolves when it works on `task`. */
  isThere(task: string): Promise<void>
}

export function testAgent(): TestAgent {
  const folder = freshFolder({ 'agent.mjs': program })
  return {
    command: [process.execPath, join(folder, 'agent.mjs')],
    folder,
    letGo: () => writeFileSync(join(folder, 'go'), ''),
    isThere: async (task) => {
      await vi.waitUntil(() => existsSync(join(folder, `${task}.pid`)), { timeout: 20_000, interval: 10 })
    },
  }
}
