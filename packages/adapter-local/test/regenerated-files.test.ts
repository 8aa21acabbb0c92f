import { command, createOrchestrator, type PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { local } from '../src/local.ts'
import { testRepository } from './git-repository.ts'
import { signal } from './git-task.ts'

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as const
/** Far enough apart for git to merge what is changed there. */
const tasks = ['a', 'e', 'i']
const lock = 'cksum <manifest >manifest.lock'
const isLocked = 'test "$(cksum <manifest)" = "$(cat manifest.lock)"'
const hotFiles = { regenerate: [{ files: ['*.lock'], command: lock }] }

/** Each agent changes its own line of the manifest and makes the lock of that, and waits with both until all are at work. */
async function landed(policy: PolicyInput, work = lock) {
  const manifest = letters.map((letter) => `${letter} 1\n`).join('')
  using repository = testRepository({ manifest, 'manifest.lock': 'none yet\n' })
  const meeting = `mkdir -p '${repository.folder}/there'; : >'${repository.folder}/there/'"$ORCH_TASK"`
  const all = `until [ $(ls '${repository.folder}/there' | wc -l) = ${tasks.length} ]; do sleep 0.02; done`
  const change = 'sed "s/^$ORCH_TASK 1/$ORCH_TASK 2/" manifest >new; mv new manifest'
  await using orch = createOrchestrator({
    ...local({
      repository: repository.root,
      target: 'main',
      agent: command({ argv: ['sh', '-c', `${meeting}; ${all}; ${change}; ${work}; git add -A; git commit -qm done`] }),
    }),
    policy: {
      ...policy,
      unknownScope: 'allow',
      turnMs: 30_000,
      landing: { by: 'orchestrator', maxRepairs: 0, ...policy.landing },
    },
  })
  const [conflicts, made, waits]: [string[], string[], string[]] = [[], [], []]
  orch.on('conflict-found', ({ conflict }) => conflicts.push(conflict.task))
  orch.on('regeneration-started', ({ task, files, on }) => made.push(`${task}: ${files} on ${on}`))
  orch.on('task-waits', ({ why }) => waits.push(why))
  await orch.add(tasks.map((id) => ({ id, title: id, writes: [`only-${id}`, 'manifest.lock'] })))
  const { outcome } = await orch.run({ signal: AbortSignal.any([signal, AbortSignal.timeout(50_000)]) })
  const { tasks: rows } = await orch.status()
  const stuck = rows.flatMap((row) => row.stuckReason ?? [])
  const at = (commit: string, file: string) => repository.git(['show', `${commit}:${file}`])
  const line = repository.git(['rev-list', '--first-parent', 'main']).split('\n').slice(0, -1)
  return {
    ...{ outcome, conflicts, made, waits, stuck },
    manifest: at('main', 'manifest'),
    /** Of every commit that the target ever was. */
    states: line.map((commit) => [at(commit, 'manifest'), at(commit, 'manifest.lock')] as const),
    status: repository.git(['status', '--porcelain']),
    files: repository.git(['ls-tree', '--name-only', '-r', 'main']).split('\n'),
  }
}

describe('changes that all need another lock file', { timeout: 60_000 }, () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    'are made side by side and all land by %s, each with the lock of what it lands on',
    async (method) => {
      const made = await landed({ hotFiles, landing: { method, checks: [isLocked] } })
      expect([made.outcome, made.conflicts, made.status]).toEqual(['done', [], ''])
      expect(made.manifest).toBe(letters.map((letter) => `${letter} ${tasks.includes(letter) ? 2 : 1}`).join('\n'))
      const locks = new Map(made.states)
      // The same manifest has the same lock, another one another.
      expect(made.states).toHaveLength(tasks.length)
      expect([locks.size, new Set(locks.values()).size]).toEqual([tasks.length, tasks.length])
    },
  )
})
