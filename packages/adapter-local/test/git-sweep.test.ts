import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testRepository, write } from './git-repository.ts'
import { make, open, signal } from './git-task.ts'

it('what a killed run left half made is swept, unless it is young', async () => {
  using repository = testRepository()
  const vcs = open(repository)
  await make(repository, vcs)
  const ours = join(repository.common, 'orch')
  const left = [join(repository.worktrees, '.making', 'a.1'), join(ours, 'git', '1.a'), join(ours, 'tmp', 'a.1')]
  const young = join(repository.worktrees, '.making', 'b.2')
  for (const folder of [...left, young]) write(folder, { 'below/x.txt': 'x\n' })
  write(join(ours, 'git'), { 'index.1.a': 'x\n' })
  left.push(join(ours, 'git', 'index.1.a'))
  const past = Date.now() / 1000 - 2 * 3600
  for (const path of left) utimesSync(path, past, past)
  const views = readdirSync(join(ours, 'git')).filter((name) => name.startsWith('view.'))
  for (const name of views) utimesSync(join(ours, 'git', name), past, past)
  await open(repository).observe({ landed: [], signal })
  expect(left.filter(existsSync)).toEqual(left)
  await vcs.sweep?.({ signal })
  expect(left.filter(existsSync)).toEqual([])
  expect(readdirSync(join(repository.worktrees, '.making'))).toEqual(['b.2'])
  expect(readdirSync(join(ours, 'git')).filter((name) => name.startsWith('view.'))).toEqual(views)
})
