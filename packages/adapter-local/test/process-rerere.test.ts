import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testRepository } from './git-repository.ts'
import { rigged } from './process-rig.ts'

it('an agent meets each conflict itself, whatever git remembers of how another one resolved it', async () => {
  using repository = testRepository({ 'a.txt': 'a\n' })
  const { git, root } = repository
  git(['config', 'rerere.enabled', 'true'])
  git(['branch', 'later'])
  repository.commit({ 'a.txt': 'ours\n' })
  git(['checkout', '-q', 'later'])
  repository.commit({ 'a.txt': 'theirs\n' })
  expect(repository.works(['merge', 'main'])).toBe(false)
  writeFileSync(join(root, 'a.txt'), 'resolved\n')
  git(['commit', '-q', '-a', '-m', 'Resolve it'])
  git(['reset', '-q', '--hard', 'HEAD^'])
  const rig = rigged()
  await rig.run('k', 'git merge main', { directory: root })
  expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 1 })
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toContain('<<<<<<<')
})
