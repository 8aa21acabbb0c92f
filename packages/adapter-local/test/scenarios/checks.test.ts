import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scene, statuses } from './scene.ts'

describe('a check', { timeout: 60_000 }, () => {
  it('that edits the tree that it checks lands what was there before it did, and the next one finds it so', async () => {
    const seen = 'cat ./*.txt | sort | tr "\\n" " " >>"$folder/seen"; echo >>"$folder/seen"'
    await using waiting = await scene({
      agents: ['a', 'b'],
      landing: { train: 1 },
      check: `${seen}; echo spoilt >a.txt; rm -f README.md; echo new >new.txt; git add -A; git -c user.name=c -c user.email=c@d commit -qm spoilt; true`,
    })
    const { orch, repository, onTarget } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
    expect(repository.git(['show', 'main:a.txt'])).toBe('a')
    expect(repository.git(['log', '--all', '--format=%s'])).not.toContain('spoilt')
    const lines = readFileSync(join(repository.folder, 'seen'), 'utf8').split('\n')
    expect(lines.filter((line) => line !== '').toSorted()).toEqual(['a ', 'a b '])
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('that moves branches and refs of the repository lands nothing but what was checked', async () => {
    const git = 'git -C "$folder/repository"'
    await using waiting = await scene({
      agents: ['a', 'b'],
      check: `${git} update-ref refs/heads/orch/a "$(${git} commit-tree -m other HEAD^{tree})"; ${git} for-each-ref --format='delete %(refname)' refs/orch | ${git} update-ref --stdin; true`,
    })
    const { orch, onTarget } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
  })

  it('that throws our state away is asked about, and never taken for passed', async () => {
    await using waiting = await scene({
      agents: ['a'],
      check: `rm -rf "$folder"/repository/.git/orch/processes; exit 1`,
    })
    const { orch, onTarget, row } = waiting
    expect((await orch.run()).outcome).toBe('failures')
    expect(onTarget()).toEqual(['README.md'])
    expect((await row('a')).stuckReason).toContain('without a verdict')
  })

  it('that never ends is stopped with all that it started, and says so', async () => {
    await using waiting = await scene({
      agents: ['a', 'b'],
      landing: { checkMs: 1500 },
      check: `test ! -e a.txt || { sleep 600 & echo $! >"$folder/pid"; sleep 600; }`,
    })
    const { orch, repository, onTarget, row } = waiting
    expect((await orch.run()).outcome).toBe('failures')
    expect((await row('a')).stuckReason).toBe('its checks took more than 2 s')
    expect(onTarget()).toEqual(['README.md', 'b.txt'])
    const pid = readFileSync(join(repository.folder, 'pid'), 'utf8').trim()
    expect(existsSync(`/proc/${pid}`) && !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))).toBe(false)
  })

  it('that is red twice is the fault of its change, told once, though it is to be tried again', async () => {
    await using waiting = await scene({ agents: ['a', 'b'], check: 'test ! -e a.txt', landing: { retryRed: true } })
    const { orch, onTarget } = waiting
    const flaky: string[] = []
    orch.on('checks-flaky', ({ task }) => flaky.push(task))
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses(waiting)).toEqual(['a stuck', 'b merged'])
    expect(onTarget()).toEqual(['README.md', 'b.txt'])
    expect(flaky).toEqual([])
  })
})
