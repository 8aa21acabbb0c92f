import { describe, expect, it, vi } from 'vitest'
import { expectNoCrash } from '../bad-agents/scripted.ts'
import type { Ended } from '../rig.ts'
import { hasDisks, type SmallDisk, smallDisk } from './small-disk.ts'

const good = 'echo good > good.txt; git add good.txt; git commit --quiet --message=good'
const fill = 'head -c 300000000 /dev/zero > "$DISK/filler" 2>/dev/null'
const patience = { timeout: 60_000, interval: 20 }

/** There is space again, and the run goes on to its end. */
async function endedWithSpace({ sh }: SmallDisk, run: ReturnType<SmallDisk['start']>): Promise<Ended> {
  await sh('rm "$DISK/filler"')
  const ended = await run.ended
  expectNoCrash(ended)
  expect(ended.exit).toBe(0)
  return ended
}

describe.skipIf(!hasDisks).concurrent('a full disk (needs user namespaces)', { timeout: 90_000 }, () => {
  it('before a worktree is waited for, with the path and what is free', async () => {
    const disk = await smallDisk(120, { good })
    await disk.orch('add', 'tasks.yaml')
    await disk.sh('head -c 80000000 /dev/zero > "$DISK/filler"')
    const run = disk.start('run')
    const told =
      /no worktree for good: \d\d MB are free in \S+\/disk\/repository\.worktrees, 64 MB are needed; free some/
    await vi.waitUntil(() => told.test(run.said()), patience)
    expect(run.said()).not.toContain('agent started')
    const ended = await endedWithSpace(disk, run)
    expect(ended.stderr).toContain('good: landed as')
  })

  it('in the middle loses nothing, is named, and everything goes on when there is space', async () => {
    // An agent that cannot write has failed by itself.
    const first = 'until test -e "$DISK/good-is-through"; do sleep 0.02; done; rm "$DISK/good-is-through"'
    const disk = await smallDisk(100, {
      good: `${good}; touch "$DISK/good-is-through"`,
      full: `${first}; echo by-full > full.txt; ${fill}; exit 0`,
    })
    await disk.orch('add', 'tasks.yaml')
    const run = disk.start('run')
    await vi.waitUntil(() => /(is full|No space left on device).*by itself/.test(run.said()), patience)
    const status = await disk.orch('status')
    const json = await disk.orch('status', '--json')
    const added = await disk.orch('add', 'tasks.yaml')
    expectNoCrash(status, json, added)
    for (const { exit, stdout, stderr } of [status, json, added]) {
      if (exit === 0) continue
      expect(exit).toBe(1)
      expect(stdout + stderr).toMatch(/the disk of \S+ is full: free some space there|No space left/)
    }
    await endedWithSpace(disk, run)
    const { stdout } = await disk.sh(
      'git show main:full.txt main:good.txt; git status --porcelain; git fsck --no-dangling',
    )
    expect(stdout).toBe('by-full\ngood\n')
  })

  it('while it lands leaves nothing half written behind', async () => {
    const much = 'yes by-much | head -c 30000000 > much.txt; git add .; git commit --quiet --message=much'
    const disk = await smallDisk(100, { much: `${much}; head -c 50000000 /dev/zero > "$DISK/filler"` })
    await disk.orch('add', 'tasks.yaml')
    const run = disk.start('run')
    await vi.waitUntil(() => /much: .*is full|much: .*free some space/.test(run.said()), patience)
    const ended = await endedWithSpace(disk, run)
    expect(ended.stderr).not.toContain('held by you')
    expect(ended.stderr).toContain('much: landed as')
    const { stdout } = await disk.sh('git status --porcelain; git show main:much.txt | cmp - much.txt')
    expect(stdout).toBe('')
  })

  it('between candidate and branch holds the landing up, which comes as it was checked, once', async () => {
    const once = `test -e "$DISK/once" || { : > "$DISK/once"; ${fill}; true; }`
    const disk = await smallDisk(100, { good }, [once])
    await disk.orch('add', 'tasks.yaml')
    const run = disk.start('run')
    await vi.waitUntil(() => /(is full|No space left on device|free some space)/.test(run.said()), patience)
    expect((await disk.sh('git ls-tree --name-only main; git status --porcelain')).stdout).not.toContain('good.txt')
    await endedWithSpace(disk, run)
    const { stdout } = await disk.sh(
      'git show main:good.txt; git status --porcelain; git log --first-parent --format=%s main; git fsck --no-dangling',
    )
    expect(stdout).toBe('good\nDo good\nBegin\n')
  })

  it('when orch itself is called is told with its path, and what was not stored is not half stored', async () => {
    const disk = await smallDisk(20, { good })
    await disk.orch('add', 'tasks.yaml')
    await disk.sh(`echo '- { id: late, title: "${'x'.repeat(9000)}" }' > late.yaml; ${fill}`)
    const refused = await disk.orch('add', 'late.yaml')
    expectNoCrash(refused)
    expect(refused).toMatchObject({ exit: 1, stdout: '' })
    expect(refused.stderr).toMatch(/the disk of \S+orch\.db is full: free some space there/)
    await disk.sh('rm "$DISK/filler"')
    expect((await disk.orch('status')).stdout).toBe('Waiting (1)\n  good  starts next\n')
    expect(await disk.orch('add', 'late.yaml')).toMatchObject({ exit: 0 })
  })
})

describe.skipIf(!hasDisks).concurrent('a read-only disk (needs user namespaces)', { timeout: 90_000 }, () => {
  it('is named by everything that would write, and a plan of a file needs no writing', async () => {
    const disk = await smallDisk(100, { good, bad: 'exit 3' })
    await disk.orch('add', 'tasks.yaml')
    expect(await disk.orch('run')).toMatchObject({ exit: 1 })
    expect(await disk.sh('mount -o remount,ro "$DISK"')).toMatchObject({ exit: 0 })
    for (const words of [['status'], ['run'], ['add', 'tasks.yaml'], ['retry', 'bad'], ['plan'], ['prune']]) {
      const ended = await disk.orch(...words)
      expectNoCrash(ended)
      expect(ended.exit, words.join(' ')).toBe(2)
      expect(ended.stderr, words.join(' ')).toMatch(
        /\S+\/\.git\/orch\S* cannot be written: its disk is read-only; make it/,
      )
    }
    expect(await disk.orch('plan', 'tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
    await disk.sh('mount -o remount,rw "$DISK"')
    const { stdout } = await disk.orch('status', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ tasks: [{ status: 'merged' }, { status: 'stuck' }] })
  })
})
