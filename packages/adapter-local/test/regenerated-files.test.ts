import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Orchestrator, PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, testRepository, write } from './git-repository.ts'
import { signal } from './git-task.ts'
import { sideBySide } from './side-by-side.ts'

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as const
/** Far enough apart for git to merge what is changed there. */
const tasks = ['a', 'e', 'i']
const lock = 'cksum <manifest >manifest.lock'
const isLocked = 'test "$(cksum <manifest)" = "$(cat manifest.lock)"'

/** Each agent changes its own line of the manifest and makes the lock of that. */
async function landed(policy: PolicyInput) {
  const [made, waits]: [string[], string[]] = [[], []]
  const manifest = letters.map((letter) => `${letter} 1\n`).join('')
  const given = {
    files: { manifest, 'manifest.lock': 'none yet\n' },
    tasks: tasks.map((id) => ({ id, title: id, writes: [`only-${id}`, 'manifest.lock'] })),
    work: `sed "s/^$ORCH_TASK 1/$ORCH_TASK 2/" manifest >new; mv new manifest; ${lock}`,
    policy: { ...policy, unknownScope: 'allow' as const },
    listen(orch: Orchestrator) {
      orch.on('regeneration-started', ({ task, files, on }) => made.push(`${task}: ${files} on ${on}`))
      orch.on('task-waits', ({ why }) => waits.push(why))
    },
  }
  return sideBySide(given, async ({ repository, orch, outcome, conflicts }) => {
    const { tasks: rows } = await orch.status()
    const at = (commit: string, file: string) => readCommit(repository, commit)[file] ?? ''
    const line = repository.git(['rev-list', '--first-parent', 'main']).split('\n').slice(0, -1)
    return {
      ...{ outcome, conflicts, made, waits, stuck: rows.flatMap((row) => row.stuckReason ?? []) },
      manifest: at('main', 'manifest'),
      /** Of every commit that the target ever was. */
      states: line.map((commit) => [at(commit, 'manifest'), at(commit, 'manifest.lock')] as const),
      status: repository.git(['status', '--porcelain']),
      files: repository.git(['ls-tree', '--name-only', '-r', 'main']).split('\n'),
    }
  })
}

describe('changes that all need another lock file', { timeout: 60_000 }, () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    'are made side by side and all land by %s, each with the lock of what it lands on',
    async (method) => {
      const hotFiles = { regenerate: [{ files: ['*.lock'], command: `${lock}; echo x >rubbish; echo x >>manifest` }] }
      const made = await landed({ hotFiles, landing: { method, checks: [isLocked] } })
      expect([made.outcome, made.conflicts, made.status]).toEqual(['done', [], ''])
      expect(made.manifest).toBe(letters.map((letter) => `${letter} ${tasks.includes(letter) ? 2 : 1}\n`).join(''))
      expect(made.states).toHaveLength(tasks.length)
      for (const [manifest, locked] of made.states)
        expect(locked).toBe(execFileSync('cksum', { input: manifest, encoding: 'utf8' }))
      expect(made.files).toEqual(['manifest', 'manifest.lock'])
      // One that has to be built again has it made again.
      expect([...new Set(made.made)].toSorted()).toEqual(tasks.map((id) => `${id}: manifest.lock on candidate`))
    },
  )

  it('land without the one for which none can be made', async () => {
    const command = `grep -q '^e 2' manifest && { echo 'no such package: e 2'; exit 3; }; ${lock}`
    const made = await landed({ hotFiles: { regenerate: [{ files: ['*.lock'], command }] } })
    expect([made.outcome, made.stuck]).toEqual(['failures', ['manifest.lock cannot be made for it (exit 3)']])
    expect(made.manifest).toContain('a 2\nb 1\nc 1\nd 1\ne 1\n')
    expect(made.manifest).toContain('i 2\n')
  })

  it('wait when none can be made on the target either', async () => {
    const command = 'echo the registry is down; exit 7'
    const made = await landed({ hotFiles: { regenerate: [{ files: ['*.lock'], command }] } })
    expect([made.outcome, made.stuck]).toEqual(['waits', []])
    expect(made.waits[0]).toContain(`main itself is red: \`${command}\` fails there without this change, too`)
  })
})

describe('what a command has left', () => {
  const amend = async (repository: ReturnType<typeof testRepository>, leave: (directory: string) => void) => {
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const base = repository.git(['rev-parse', 'main'])
    const commit = repository.commit({ 'a.txt': 'a\n' })
    const { directory } = await vcs.checkout({ commit, signal })
    leave(directory)
    return vcs.amendCandidate({ base, commit, directory, include: ['gen/**'], signal })
  }

  it('is not looked for behind a link', async () => {
    using repository = testRepository({ 'gen/a.txt': 'a\n' })
    const outside = join(repository.folder, 'outside')
    write(outside, { 'a.txt': 'private\n', 'b.txt': 'private\n' })
    const made = await amend(repository, (directory) => {
      rmSync(join(directory, 'gen'), { recursive: true })
      symlinkSync(outside, join(directory, 'gen'))
    })
    if (!made.ok) throw new Error(made.detail)
    expect(JSON.stringify(readCommit(repository, made.value.commit))).not.toContain('private')
  })

  it.each([
    [
      'a repository of its own',
      (directory: string) => execFileSync('git', ['init', '-q', join(directory, 'gen', 'nested')]),
    ],
    ['a file with a filter', (directory: string) => write(directory, { 'gen/a.x': 'x\n' })],
  ])('is refused where it is %s', async (_, leave) => {
    using repository = testRepository({ '.gitattributes': '*.x filter=secret\n', 'gen/a.txt': 'a\n' })
    repository.git(['config', 'filter.secret.clean', 'false'])
    expect(await amend(repository, leave)).toMatchObject({ ok: false, reason: 'not-representable' })
  })
})
