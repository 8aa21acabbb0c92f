import { join } from 'node:path'
import { command, createOrchestrator } from '@orch/core'
import { expect, it } from 'vitest'
import { local } from '../src/local.ts'
import { attributes } from './git-plants.ts'
import { testRepository, write } from './git-repository.ts'

/** Does its task, commits nothing itself, and plants everything that git would run. */
const agent = (program: string): string => `
echo done > "$ORCH_TASK.txt"
echo more > "more-$ORCH_TASK.txt"
printf '${attributes.replace('\n', '\\n')}' > .gitattributes
for key in core.fsmonitor filter.evil.clean filter.evil.smudge filter.evil.process merge.evil.driver diff.external \\
  diff.evil.textconv diff.evil.command gpg.program core.editor sequence.editor core.sshCommand core.pager; do
  git config "$key" '${program}'
done
git config commit.gpgSign true
git config core.attributesFile "$PWD/.gitattributes"
hooks=$(git rev-parse --git-common-dir)/hooks
mkdir -p "$hooks"
for hook in post-checkout reference-transaction pre-commit commit-msg post-commit post-index-change post-merge; do
  cp '${program}' "$hooks/$hook"
done
[ "$ORCH_TASK" != fails ]
`

it.each(['worktree', 'clone'] as const)('nothing that can be asked runs what agents planted: %s', async (isolation) => {
  using repository = testRepository({ 'a.txt': 'a\n' })
  const { program, ran } = repository.canary()
  write(repository.folder, { 'agent.sh': agent(program) })
  const ports = local({
    repository: repository.root,
    target: 'main',
    isolation,
    agent: command({ argv: ['sh', join(repository.folder, 'agent.sh')] }),
  })
  await using orch = createOrchestrator({
    ...ports,
    policy: { maxAttempts: 1, landing: { by: 'human', checks: ['true'] } },
  })
  await orch.add([
    { id: 'lands', title: 'Lands', writes: ['lands.txt', 'more-lands.txt', '.gitattributes'] },
    { id: 'taken', title: 'Is taken', writes: ['taken.txt'] },
    { id: 'fails', title: 'Fails', writes: ['fails.txt'] },
  ])
  expect(await orch.run()).toMatchObject({ outcome: 'failures' })
  const names = ['lands', 'taken', 'fails'] as const
  await orch.status()
  await orch.plan()
  for (const id of names) await orch.show(id)
  await orch.hints()
  await orch.take('taken')
  await orch.give('taken')
  await orch.run()
  expect(await orch.land('lands')).toMatchObject({ task: { outcome: 'done' } })
  expect(await orch.land('taken')).toMatchObject({ task: { outcome: 'done' } })
  await orch.scopes()
  await orch.doctor()
  await orch.doctor({ fix: true })
  const kept = (await orch.kept()) ?? []
  expect(kept.length).toBeGreaterThan(2)
  for (const { workspace, name, oid } of kept.filter(({ kind }) => kind !== 'folder')) {
    await orch.showKept({ task: workspace, name, patch: true })
    await orch.restoreKept({ task: workspace, name })
    await orch.restoreKept({ task: workspace, name, to: { directory: join(repository.folder, `kept-${oid}`) } })
  }
  await orch.retry('fails', { fresh: true })
  await orch.run()
  await orch.cancel('fails')
  await orch.prune({ drop: true })
  expect(ran()).toBe(false)
  // It was planted where the user's own git runs it, but for a clone.
  repository.works(['status'])
  expect(ran()).toBe(isolation === 'worktree')
})
