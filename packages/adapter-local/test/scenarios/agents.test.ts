import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scene, statuses } from './scene.ts'

const until = (name: string): string => `until [ -e "$folder/${name}" ]; do sleep 0.02; done`

describe('an agent', { timeout: 60_000 }, () => {
  it('pops the stash of another: neither loses anything, and each lands only its own', async () => {
    await using waiting = await scene({
      agents: {
        owner: `echo precious >owner.txt; git add -A; git stash -q; : >"$folder/stashed"; ${until('popped')}; git stash list >&2; echo again >owner.txt; commit`,
        thief: `${until('stashed')}; git stash pop -q; : >"$folder/popped"; git reset -q; echo mine >thief.txt; git add thief.txt; git commit -qm thief`,
      },
    })
    const { orch, repository, onTarget } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'owner.txt', 'thief.txt'])
    expect(repository.git(['show', 'main:owner.txt'])).toBe('again')
    const kept = repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/']).split('\n')
    const texts = kept.map((oid) =>
      repository.works(['show', `${oid}:owner.txt`]) ? repository.git(['show', `${oid}:owner.txt`]) : '',
    )
    expect(texts).toContain('precious')
  })

  it('in a clone has no stash of another to pop', async () => {
    await using waiting = await scene({
      isolation: 'clone',
      agents: {
        owner: `echo precious >owner.txt; git add -A; git stash -q; : >"$folder/stashed"; ${until('looked')}; git stash pop -q; commit`,
        thief: `${until('stashed')}; git stash list >"$folder/seen"; : >"$folder/looked"; echo mine >thief.txt; commit`,
      },
    })
    const { orch, repository } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(readFileSync(join(repository.folder, 'seen'), 'utf8')).toBe('')
    expect(repository.git(['show', 'main:owner.txt'])).toBe('precious')
  })

  it.each(['worktree', 'clone'] as const)(
    'commits into a nested repository: nothing of it lands half, and it is told whose it is (%s)',
    async (isolation) => {
      const inside = `mkdir nest && cd nest && git init -q && echo x >inner.txt && git add -A && git -c user.name=a -c user.email=a@b commit -qm inner && cd ..`
      await using waiting = await scene({
        isolation,
        agents: { nest: `${inside}; git add -A; git commit -qm nest`, good: 'echo x >good.txt; commit' },
      })
      const { orch, repository, onTarget, row } = waiting
      await orch.run()
      expect(await statuses(waiting)).toEqual(['nest stuck', 'good merged'])
      expect((await row('nest')).stuckReason).toContain('nest is a repository of its own')
      expect(onTarget()).toEqual(['README.md', 'good.txt'])
      expect(existsSync(join(repository.worktrees, 'nest/nest/inner.txt'))).toBe(true)
    },
  )
})
