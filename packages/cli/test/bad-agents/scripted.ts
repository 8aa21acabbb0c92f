import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PolicyInput, RunResult, StatusRow } from '@orch/core'
import { expect } from 'vitest'
import { type Ended, freshRepository, git, main, orch } from '../rig.ts'

/** The task that stands beside every bad one, and has to land whatever that does. */
const wellBehaved = 'echo good > good.txt; git add good.txt; git commit --quiet --message=good'

export interface ScriptedOptions {
  /** What the agent of each task does: a script of `sh`, begun in its worktree. The task `good` comes by itself. */
  readonly agents: Readonly<Record<string, string>>
  readonly policy?: PolicyInput
  readonly files?: Readonly<Record<string, string>>
  /** Instead of the scripts. */
  readonly command?: readonly string[]
}

export interface Scripted {
  readonly root: string
  /** A folder of the test's own that every script knows as `$NOTES`. */
  readonly notes: string
  call(...words: string[]): Promise<Ended>
  /** `orch run`, and what it says as JSON as well: of `orch status`, because a run prints one of the two forms. */
  run(): Promise<Told>
  worktree(task: string): string
  /** What the task's script does from now on. */
  teach(task: string, script: string): void
}

export interface Told extends Ended {
  readonly rows: ReadonlyMap<string, StatusRow>
  /** All that a person reads of a task: what the run said, and its line in the table. */
  about(task: string): string
}

/** A repository whose agents are shell scripts, one per task, each with the files `<task>.txt` and `<task>/**` as its scope. */
export async function scripted(options: ScriptedOptions): Promise<Scripted> {
  const agents = { good: wellBehaved, ...options.agents }
  const tasks = Object.keys(agents).map((id) => `- { id: ${id}, title: Do ${id}, writes: [${id}.txt, ${id}/**] }\n`)
  const policy = { leaseMs: 2000, maxAttempts: 1, maxAgents: 8, ...options.policy }
  const landing = { by: 'orchestrator', ...options.policy?.landing }
  const root = freshRepository({ 'tasks.yaml': tasks.join(''), 'shared.txt': 'common\n', ...options.files })
  const scripts = join(root, '../scripts')
  const notes = join(root, '../notes')
  for (const folder of [scripts, notes]) mkdirSync(folder)
  const teach = (task: string, script: string): void => writeFileSync(join(scripts, task), `${script}\n`)
  for (const [task, script] of Object.entries(agents)) teach(task, script)
  const command = options.command ?? ['sh', '-c', `NOTES=${notes} exec sh "${scripts}/$ORCH_TASK"`]
  writeFileSync(join(root, 'orch.config.json'), JSON.stringify({ agent: { command }, policy: { ...policy, landing } }))
  git(root, 'add', 'orch.config.json')
  git(root, 'commit', '--quiet', '--message=Configure')
  const call = (...words: string[]) => orch(words, { directory: root })
  expect(await call('add', 'tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
  return {
    root,
    notes,
    call,
    teach,
    worktree: (task) => join(`${root}.worktrees`, task),
    async run() {
      const ended = await call('run')
      const json = await call('status', '--json')
      expect(json.exit, json.stderr).toBe(0)
      const { tasks: rows } = JSON.parse(json.stdout) as RunResult
      expectNoCrash(ended, json)
      const lines = `${ended.stderr}\n${ended.stdout}`.split('\n')
      return {
        ...ended,
        rows: new Map(rows.map((row) => [row.id, row])),
        about: (task) => lines.filter((line) => new RegExp(`(\\] |\\s)${task}(:|\\s|$)`).test(line)).join('\n'),
      }
    },
  }
}

/** Nothing that only a programmer understands. */
export function expectNoCrash(...ended: readonly Ended[]): void {
  for (const { stdout, stderr } of ended) {
    expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at |This is a bug in orch/m)
  }
}

/** The user's own check-out: where HEAD is, what is staged, what differs, and which branches are theirs. */
export function usersState(root: string): unknown {
  const branches = git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads')
  return {
    head: git(root, 'symbolic-ref', 'HEAD'),
    status: git(root, 'status', '--porcelain'),
    branches: branches.split('\n').filter((name) => !name.startsWith('refs/heads/orch/')),
    config: createHash('sha256')
      .update(readFileSync(join(root, '.git/config')))
      .digest('hex'),
    stash: git(root, 'stash', 'list'),
  }
}

/** Whether a commit with this subject is held by some ref or by the HEAD of a worktree that is left in place. */
export function isHeld(root: string, subject: string): boolean {
  return git(root, 'log', '--all', '--format=%s').split('\n').includes(subject)
}

/** The contents of `path` in everything that was kept of a task. */
export function kept(root: string, task: string, path: string): readonly string[] {
  const refs = git(root, 'for-each-ref', '--format=%(refname)', `refs/orch/kept/${task}`).trim().split('\n')
  return refs.flatMap((ref) => {
    try {
      return [execFileSync('git', ['show', `${ref}:${path}`], { cwd: root, encoding: 'utf8', stdio: 'pipe' })]
    } catch {
      return [] // not in this one
    }
  })
}

/** Processes that a script wrote down in `$NOTES/pids`, of those the ones that live. */
export function survivors(notes: string): readonly number[] {
  const file = join(notes, 'pids')
  const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : []
  return pids.filter((pid) => {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : null
    if (stat !== null) return !/\) [ZX] /.test(stat)
    try {
      return process.kill(pid, 0)
    } catch {
      return false // ESRCH: there is no such process
    }
  })
}

/** `orch run` in a process of its own that the test can look at while it runs. */
export function started(root: string, words: readonly string[] = ['run']) {
  const child = spawn(process.execPath, ['--conditions=@orch/source', main, ...words], { cwd: root })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += String(data)
  })
  child.stderr.on('data', (data) => {
    stderr += String(data)
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ exit: code ?? -1, stdout, stderr }))
  })
  return { child, ended, said: () => stderr }
}
