import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, createOrchestrator, type Orchestrator, type PolicyInput, type StatusRow, type Vcs } from '@orch/core'
import { expect } from 'vitest'
import { type LocalOptions, local } from '../../src/local.ts'
import { type TestRepository, testRepository } from '../git-repository.ts'

/** What an agent's script can say beside what a shell can. */
const words = `
set -e
commit() { git add -A && git commit -qm "$ORCH_TASK"; }
`

export interface Choices {
  /** What the agent of each task does: a script of `sh`, begun in its workspace. Default: it writes a file of its name, and commits it. */
  readonly agents: readonly string[] | Readonly<Record<string, string>>
  /** Of each task, by its id; default its own name as file and folder. */
  readonly writes?: Readonly<Record<string, readonly string[]>>
  /** The checks may wait at `$gate`, and be red the first time with `$flakes`. `$folder` is beside the repository. */
  readonly check?: string
  readonly landing?: PolicyInput['landing']
  readonly isolation?: LocalOptions['isolation']
  /** What is there before anybody starts. */
  readonly prepare?: (repository: TestRepository) => void
  /** Does something beside what the repository is asked for while changes land. */
  readonly beside?: (vcs: Vcs, repository: TestRepository) => Partial<Vcs>
}

/** Changes that all wait to land. */
export interface Scene extends AsyncDisposable {
  readonly repository: TestRepository
  readonly orch: Orchestrator
  /** Those that each run of the checks spoke for; on the target nobody. */
  readonly runs: (readonly string[])[]
  /** Resolves when checks wait for `open`. */
  waits(): Promise<void>
  /** Lets checks that wait go on, now and later. */
  open(): void
  onTarget(): readonly string[]
  row(id: string): Promise<StatusRow>
}

export async function scene(choices: Choices): Promise<Scene> {
  const { check = 'true', isolation = 'worktree', writes = {} } = choices
  const repository = testRepository({ 'README.md': 'read me\n' })
  choices.prepare?.(repository)
  const { folder, root } = repository
  const own = 'echo "$ORCH_TASK" >"$ORCH_TASK.txt"; commit'
  const agents = Array.isArray(choices.agents)
    ? Object.fromEntries(choices.agents.map((id) => [id, own]))
    : choices.agents
  const scripts = join(folder, 'scripts')
  mkdirSync(scripts)
  for (const [id, script] of Object.entries(agents)) writeFileSync(join(scripts, id), `${words}${script}\n`)
  const agent = command({ argv: ['sh', '-c', `folder='${folder}'; . "$folder/scripts/$ORCH_TASK"`] })

  const [gate, waiting, once] = ['gate', 'waiting', 'once'].map((name) => join(folder, name))
  const held = `{ : >'${waiting}'; until [ -e '${gate}' ]; do sleep 0.02; done; }`
  const flakes = `{ test -e '${once}' || { : >'${once}'; exit 1; }; }`
  const checks = [
    check
      .replaceAll('$gate', () => held)
      .replaceAll('$flakes', () => flakes)
      .replaceAll('$folder', () => folder),
  ]
  const orchestrator = (by: 'human' | 'orchestrator') => {
    const ports = local({ repository: root, target: 'main', agent, isolation })
    const beside = by === 'orchestrator' ? choices.beside?.(ports.vcs, repository) : {}
    return createOrchestrator({
      ...ports,
      vcs: { ...ports.vcs, ...beside },
      policy: { maxAttempts: 1, leaseMs: 2000, landing: { by, checks, train: 8, maxRepairs: 0, ...choices.landing } },
    })
  }
  {
    await using before = orchestrator('human')
    await before.add(Object.keys(agents).map((id) => ({ id, title: id, writes: writes[id] ?? [`${id}.txt`, id] })))
    await before.run()
  }
  const orch = orchestrator('orchestrator')
  const runs: (readonly string[])[] = []
  orch.on('checks-started', ({ task, on, before }) => runs.push(on === 'target' ? [] : [...before, task]))
  return {
    repository,
    orch,
    runs,
    waits: () => expect.poll(() => existsSync(waiting ?? ''), { timeout: 20_000 }).toBe(true),
    open: () => writeFileSync(gate ?? '', ''),
    onTarget: () => repository.git(['ls-tree', '-r', '--name-only', '-z', 'main']).split('\0').filter(Boolean),
    row: async (id) => {
      const found = (await orch.status()).tasks.find((row) => row.id === id)
      if (found === undefined) throw new Error(`there is no ${id}`)
      return found
    },
    async [Symbol.asyncDispose]() {
      writeFileSync(gate ?? '', '')
      await orch[Symbol.asyncDispose]()
      repository[Symbol.dispose]()
    },
  }
}

export async function statuses({ orch }: Pick<Scene, 'orch'>): Promise<readonly string[]> {
  return (await orch.status()).tasks.map(({ id, status }) => `${id} ${status}`)
}
