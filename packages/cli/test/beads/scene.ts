import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { bd, bdBeside, freshDatabase, lacksBd, onRealBd, program } from '../../../adapter-beads/test/real-bd.ts'
import { testAgent } from '../agent.ts'
import { type Ended, freshFolder, git, main, orch } from '../rig.ts'

export { lacksBd, onRealBd }

export interface Issue {
  readonly id: string
  readonly status: string
  readonly assignee?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface BeadsScene {
  readonly root: string
  readonly agent: ReturnType<typeof testAgent>
  /** An epic `demo-a3f` with so many children, by `bd import`; their ids. */
  epic(count: number, child?: (n: number) => Child): readonly string[]
  /** A person at a terminal. */
  bd(...words: string[]): string
  /** Another person, beside what else goes on. */
  writer(...words: string[]): Promise<string>
  issues(): readonly Issue[]
  call(...words: string[]): Promise<Ended>
  start(...words: string[]): Running
  /** Calls of `bd` that orch has begun so far. */
  calls(): number
  /** Resolves when it has begun so many. */
  reaches(calls: number): Promise<void>
}

export interface Child {
  readonly title: string
  /** Another child that it waits for. */
  readonly after?: number
}

export interface Running {
  readonly child: ChildProcess
  /** Its exit code; null when it was killed. */
  readonly over: Promise<number | null>
  told(): string
  says(text: RegExp): Promise<void>
}

const waiting = { timeout: 300_000, interval: 20 } as const

/** A repository with a Beads database that orch is to work on; tasks land by themselves. */
export function beadsScene(options: { readonly queue?: object; readonly maxAgents?: number } = {}): BeadsScene {
  const root = freshDatabase()
  const agent = testAgent()
  const folder = freshFolder()
  const log = join(folder, 'calls')
  writeFileSync(log, '')
  mkdirSync(join(folder, 'bin'))
  const wrapper = join(folder, 'bin', 'bd')
  writeFileSync(wrapper, `#!/bin/sh\necho "$1" >> '${log}'\nexec '${program}' "$@"\n`)
  chmodSync(wrapper, 0o755)
  const configuration = {
    queue: options.queue === undefined ? 'beads' : { use: '@orch/adapter-beads', ...options.queue },
    agent: { command: agent.command },
    policy: {
      maxAgents: options.maxAgents ?? 3,
      landing: { by: 'orchestrator', checks: ['test -f orch.config.json'] },
    },
  }
  writeFileSync(join(root, 'orch.config.json'), JSON.stringify(configuration))
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '--message=Configure')
  const environment = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
  const calls = (): number => readFileSync(log, 'utf8').split('\n').length - 1
  return {
    root,
    agent,
    epic(count, child = (n) => ({ title: `Do ${n}` })) {
      const ids = Array.from({ length: count }, (_, index) => `demo-a3f.${index + 1}`)
      const edge = (id: string, other: string, type: string) => ({ issue_id: id, depends_on_id: other, type })
      const rows = ids.map((id, index) => {
        const { title, after } = child(index + 1)
        const parent = edge(id, 'demo-a3f', 'parent-child')
        const dependencies = after === undefined ? [parent] : [parent, edge(id, `demo-a3f.${after}`, 'blocks')]
        return { id, title, issue_type: 'task', metadata: { writes: [`${id}.txt`] }, dependencies }
      })
      const lines = [{ id: 'demo-a3f', title: 'Feeding log', issue_type: 'epic' }, ...rows]
      const file = join(folder, 'issues.jsonl')
      writeFileSync(file, lines.map((line) => `${JSON.stringify({ status: 'open', priority: 2, ...line })}\n`).join(''))
      bd(root, 'import', file, '--json')
      return ids
    },
    bd: (...words) => bd(root, ...words),
    writer: (...words) => bdBeside(root, ...words),
    issues: () => JSON.parse(bd(root, 'list', '--all', '-n', '0', '--json')).data,
    call: (...words) => orch(words, { directory: root, environment }),
    start: (...words) => started(root, environment, words),
    calls,
    reaches: (count) => vi.waitUntil(() => calls() >= count, waiting).then(() => undefined),
  }
}

function started(root: string, environment: Readonly<Record<string, string>>, words: readonly string[]): Running {
  const child = spawn(process.execPath, ['--conditions=@orch/source', main, 'run', ...words], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const over = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    child,
    over,
    told: () => told,
    says: (text) => vi.waitUntil(() => text.test(told), waiting).then(() => undefined),
  }
}

/** Tasks that have landed, each as often as it did. */
export function landings(root: string): readonly string[] {
  return (git(root, 'log', '--first-parent', '--format=%b', 'main').match(/(?<=Task: )\S+/g) ?? []).sort()
}
