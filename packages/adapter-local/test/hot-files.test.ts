import { command, createOrchestrator, type PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { local } from '../src/local.ts'
import { testRepository } from './git-repository.ts'
import { signal } from './git-task.ts'

const ids = ['a', 'b', 'c']

/** Each agent adds a line to the changelog beside its own file, and waits with that until all of them are at work. */
async function landed(policy: PolicyInput, check = 'true') {
  using repository = testRepository({ 'CHANGELOG.md': '# Changes\n' })
  const meeting = `mkdir -p '${repository.folder}/there'; : >'${repository.folder}/there/'"$ORCH_TASK"`
  const all = `until [ $(ls '${repository.folder}/there' | wc -l) = ${ids.length} ]; do sleep 0.02; done`
  const work = 'echo "- $ORCH_TASK" >>CHANGELOG.md; echo x >"$ORCH_TASK.txt"; git add -A; git commit -qm "$ORCH_TASK"'
  await using orch = createOrchestrator({
    ...local({
      repository: repository.root,
      target: 'main',
      agent: command({ argv: ['sh', '-c', `${meeting}; ${all}; ${work}`] }),
    }),
    policy: {
      ...policy,
      turnMs: 30_000,
      landing: { by: 'orchestrator', checks: [check], maxRepairs: 0, ...policy.landing },
    },
  })
  const conflicts: string[] = []
  orch.on('conflict-found', ({ conflict }) => conflicts.push(conflict.task))
  await orch.add(ids.map((id) => ({ id, title: id, writes: [`${id}.txt`, 'CHANGELOG.md'] })))
  const { outcome } = await orch.run({ signal: AbortSignal.any([signal, AbortSignal.timeout(50_000)]) })
  const lines = repository.git(['show', 'main:CHANGELOG.md']).split('\n')
  return { outcome, conflicts, lines, status: repository.git(['status', '--porcelain']) }
}

describe('changes that all add to the changelog', { timeout: 60_000 }, () => {
  it.each(['merge', 'squash', 'rebase'] as const)('are made side by side, and all land by %s', async (method) => {
    const hotFiles = { union: ['CHANGELOG.md'] }
    const { outcome, conflicts, lines, status } = await landed({ hotFiles, landing: { method } })
    expect([outcome, conflicts, status]).toEqual(['done', [], ''])
    expect(lines[0]).toBe('# Changes')
    expect(lines.slice(1).toSorted()).toEqual(['- a', '- b', '- c'])
  })

  it('do not land with what the checks refuse', async () => {
    const check = 'test $(grep -c "^-" CHANGELOG.md) -lt 3'
    const { outcome, lines } = await landed({ hotFiles: { union: ['CHANGELOG.md'] } }, check)
    expect([outcome, lines.length]).toEqual(['failures', 3])
  })
})
