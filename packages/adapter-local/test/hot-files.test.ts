import type { PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { sideBySide } from './side-by-side.ts'

/** Each agent adds a line to the changelog beside its own file. */
function landed(policy: PolicyInput, check = 'true') {
  const tasks = ['a', 'b', 'c'].map((id) => ({ id, title: id, writes: [`${id}.txt`, 'CHANGELOG.md'] }))
  const work = 'echo "- $ORCH_TASK" >>CHANGELOG.md; echo x >"$ORCH_TASK.txt"'
  const files = { 'CHANGELOG.md': '# Changes\n' }
  const landing = { checks: [check], ...policy.landing }
  return sideBySide({ files, tasks, work, policy: { ...policy, landing } }, ({ repository, outcome, conflicts }) => ({
    outcome,
    conflicts,
    lines: repository.git(['show', 'main:CHANGELOG.md']).split('\n'),
    status: repository.git(['status', '--porcelain']),
  }))
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
