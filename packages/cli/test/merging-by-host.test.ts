import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { git } from './rig.ts'

/**
 * A stub: what of a review host is needed to merge, on the bare repository beside the user's, by squash. It cannot show how a real one answers.
 */
const stub = `import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
export const orchAdapter = {
  review({ repository }) {
    const [remote, file] = [join(repository, '../remote.git'), join(repository, '../reviews.json')]
    const git = (...words) => execFileSync('git', ['--git-dir', remote, '-c', 'user.name=H', '-c', 'user.email=h@example.org', ...words], { encoding: 'utf8' }).trim()
    const all = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
    const put = (branch, review) => writeFileSync(file, JSON.stringify({ ...all(), [branch]: review }))
    return {
      name: 'stub',
      observe: async ({ branches }) => new Map(Object.entries(all()).filter(([branch]) => branches.includes(branch))),
      async open({ branch, head }) {
        git('fetch', '--quiet', repository, head + ':refs/heads/' + branch)
        put(branch, { url: 'stub:' + branch, head, state: 'open' })
        return { ok: true, value: { url: 'stub:' + branch } }
      },
      async comment() {},
      async close() {},
      async merge({ branch, head, base }) {
        const review = all()[branch]
        if (review.head !== head) return { ok: false, reason: 'head-moved' }
        if (review.state === 'merged') return { ok: true, value: { commit: review.commit } }
        if (git('rev-parse', 'main') !== base) return { ok: false, reason: 'target-moved' }
        const commit = git('commit-tree', git('merge-tree', '--write-tree', base, head), '-p', base, '-m', 'Merged: ' + branch)
        git('update-ref', 'refs/heads/main', commit, base)
        put(branch, { ...review, state: 'merged', commit })
        return { ok: true, value: { commit } }
      },
    }
  },
}
`

it('a review host merges on the remote, the branch here follows, and nothing is pushed there by us', async () => {
  const agent = ['sh', '-c', 'echo "$ORCH_TASK" >"$ORCH_TASK.txt"']
  const landing = { by: 'orchestrator', via: 'host', checks: ['test -e tasks.yaml'] } as const
  const more = { policy: { leaseMs: 2000, landing }, review: { use: '../host.mjs' } }
  const { root, call } = await prepared({ agent, pushes: true, more, files: { '../host.mjs': stub } })
  const remote = join(root, '../remote.git')
  writeFileSync(join(remote, 'hooks/pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  expect(await call('run')).toMatchObject({ exit: 0, stderr: expect.stringContaining('two: landed as') })
  expect(git(remote, 'log', '--format=%s', 'main').split('\n').slice(0, 2)).toEqual([
    'Merged: orch/two',
    'Merged: orch/one',
  ])
  const head = git(remote, 'rev-parse', 'main')
  expect(git(root, 'rev-parse', 'main', 'origin/main')).toBe(`${head}${head}`)
  expect(git(root, 'status', '--porcelain')).toBe('')
})
