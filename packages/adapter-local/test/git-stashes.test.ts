import { expect, it } from 'vitest'
import { testRepository, write } from './git-repository.ts'
import { files, make, open, signal } from './git-task.ts'

it('what an agent stashed is kept when another one takes it out and throws it away; a stash of the user is left alone', async () => {
  using repository = testRepository(files)
  const vcs = open(repository)
  write(repository.root, { 'src/a.ts': 'of the user\n' })
  repository.git(['stash'])
  const { directory: one } = await make(repository, vcs, 'one')
  const { directory: other } = await make(repository, vcs, 'other')
  write(one, { 'src/a.ts': 'precious\n' })
  repository.git(['stash'], one)
  await vcs.observe({ landed: [], signal })
  repository.git(['stash', 'pop'], other)
  repository.git(['checkout', '--', '.'], other)
  const kept = await vcs.kept?.({ signal })
  expect(kept).toMatchObject([{ workspace: 'one' }])
  expect(repository.git(['show', `${kept?.[0]?.oid}:src/a.ts`])).toBe('precious')
})
