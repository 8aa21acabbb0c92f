import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, createOrchestrator, type Orchestrator, type PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { type LocalOptions, local } from '../src/local.ts'
import { type TestRepository, testRepository } from './git-repository.ts'

const branch = 'feature/login'

/** Its agent merges what it is told to merge, otherwise it writes the file that is named like its task; it commits both. */
const work =
  'if [ "$ORCH_TASK" = login ]; then git merge -q -X ours -m Merge main; else echo "$ORCH_TASK" >"$ORCH_TASK.txt"; git add -A; git commit -qm "$ORCH_TASK"; fi'

function running(
  repository: TestRepository,
  landing: NonNullable<PolicyInput['landing']>,
  options: Partial<LocalOptions> = {},
): Orchestrator {
  const agent = command({ argv: ['sh', '-c', work] })
  return createOrchestrator({
    ...local({ repository: repository.root, target: 'main', ...options, agent }),
    policy: { epics: { login: { target: branch } }, landing },
  })
}

const tasks = [
  { id: 'form', epic: 'login', writes: ['form.txt'] },
  { id: 'api', epic: 'login', writes: ['api.txt'], dependsOn: ['form'] },
]
const statuses = async (orch: Orchestrator) => (await orch.status()).tasks.map(({ id, status }) => `${id} ${status}`)
const onBranch = (repository: TestRepository, name: string) =>
  repository.git(['ls-tree', '--name-only', name]).split('\n')

describe('an epic with a branch of its own, on real git', { timeout: 60_000 }, () => {
  for (const isolation of ['worktree', 'clone'] as const)
    for (const method of ['merge', 'squash', 'rebase'] as const)
      it(`lands its tasks there, and then the target moves once (${method}, ${isolation})`, async () => {
        using repository = testRepository()
        await using orch = running(repository, { by: 'orchestrator', method, checks: ['true'] }, { isolation })
        await orch.add(tasks)
        const seen: string[] = []
        orch.on('task-landed', ({ task }) => {
          // Somebody goes on with the target meanwhile.
          if (task === 'form') repository.commit({ 'mine.txt': 'mine\n' })
          seen.push(`${task}: ${onBranch(repository, 'main')}`)
        })
        expect((await orch.run()).outcome).toBe('done')
        expect(seen).toEqual([
          'form: README.md,mine.txt',
          'api: README.md,mine.txt',
          'login: README.md,api.txt,form.txt,mine.txt',
        ])
        const moves = repository.git(['reflog', '--format=%gs', 'main']).split('\n')
        expect(moves.filter((move) => move.startsWith('orch: land'))).toHaveLength(1)
        expect(repository.git(['rev-list', '--first-parent', '--count', 'main'])).toBe('3')
        expect(onBranch(repository, branch)).toEqual(['README.md', 'api.txt', 'form.txt'])
        expect(repository.git(['status', '--porcelain'])).toBe('')
        expect(repository.git(['for-each-ref', '--format=%(refname)', 'refs/heads/']).split('\n')).toEqual([
          `refs/heads/${branch}`,
          'refs/heads/main',
        ])
      })

  it('has their files follow where the user has checked that branch out', async () => {
    using repository = testRepository()
    repository.git(['switch', '-q', '-c', branch])
    repository.commit({ 'begun.txt': 'by the user\n' })
    await using orch = running(repository, { by: 'human' })
    await orch.add(tasks)
    await orch.run()
    writeFileSync(join(repository.root, 'form.txt'), 'being written\n')
    expect(await orch.land('form')).toMatchObject({ settled: false, task: { waitsFor: 'held-by-user' } })
    repository.git(['clean', '-qf'])
    expect(await orch.land('form')).toMatchObject({ settled: true })
    expect(existsSync(join(repository.root, 'form.txt'))).toBe(true)
    expect(repository.git(['status', '--porcelain', '--branch'])).toBe(`## ${branch}`)
    await orch.run()
    await orch.land('api')
    await orch.run()
    expect(await statuses(orch)).toEqual(['form merged', 'api merged', 'login complete'])
    expect(onBranch(repository, 'main')).toEqual(['README.md'])
    await orch.land('login')
    expect(onBranch(repository, 'main')).toEqual(['README.md', 'api.txt', 'begun.txt', 'form.txt'])
    expect(repository.git(['status', '--porcelain', '--branch'])).toBe(`## ${branch}`)
  })

  it('is brought up to date by an agent where it conflicts with the target, on a branch of ours', async () => {
    using repository = testRepository()
    await using orch = running(repository, { by: 'orchestrator' })
    await orch.add(tasks)
    orch.on('task-landed', ({ task }) => {
      if (task === 'form') repository.commit({ 'form.txt': 'by the user\n' })
    })
    const conflicts: (string | null)[] = []
    orch.on('conflict-found', ({ conflict }) => conflicts.push(conflict.task))
    expect((await orch.run()).outcome).toBe('done')
    expect(conflicts).toContain('login')
    expect(repository.git(['show', 'main:form.txt'])).toBe('form')
    expect(repository.git(['log', '--format=%s', branch])).not.toContain('Merge main')
  })

  it('changes nothing of what other epics do, and both land', async () => {
    using repository = testRepository()
    await using orch = running(repository, { by: 'orchestrator' })
    await orch.add([...tasks, { id: 'other', epic: 'docs', writes: ['other.txt'] }])
    await orch.run({ epic: 'docs' })
    expect(onBranch(repository, 'main')).toEqual(['README.md', 'other.txt'])
    expect(repository.works(['rev-parse', '--verify', '-q', branch])).toBe(false)
    expect((await orch.run({ epic: 'login' })).outcome).toBe('done')
    expect(onBranch(repository, 'main')).toEqual(['README.md', 'api.txt', 'form.txt', 'other.txt'])
  })
})
