import { createOrchestrator, OrchError, type PolicyInput, type ReviewHost } from '@orch/core'
import { handClock, type MemoryReviewHost, memoryReviewHost, memoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { played, slowly } from './played.ts'
import { rig } from './run-rig.ts'
import { addsALine } from './stacking-rig.ts'

const minute = 60_000
const tasks = ['a', 'b', 'c'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
const landing = { by: 'orchestrator', via: 'host', method: 'squash' } as const

/** The loop with a review host that merges into the same repository, on a hand clock. */
function hosted(options: Parameters<typeof rig>[1] = {}, given = tasks.slice(0, 1)) {
  const made = rig(given, { policy: { landing }, ...options })
  const { host } = made
  const clock = handClock()
  const moved: string[] = []
  const bases: string[] = []
  const vcs = slowly({
    ...made.vcs,
    async buildCandidate(asked: Parameters<typeof made.vcs.buildCandidate>[0]) {
      bases.push(asked.base)
      return made.vcs.buildCandidate(asked)
    },
    async land(asked: Parameters<typeof made.vcs.land>[0]) {
      if (asked.expect !== asked.commit) moved.push(asked.commit)
      return made.vcs.land(asked)
    },
  })
  const review = (change: Partial<ReviewHost> = {}): ReviewHost => ({ ...host, ...change })
  const orchestrator = (change: Partial<ReviewHost> = {}) => made.orchestrator({ vcs, clock, review: review(change) })
  const run = (orch = orchestrator(), ms = 10 * minute) => played(orch, clock, ms)
  const target = () => made.vcs.branches().get('main') ?? ''
  return { ...made, clock, moved, bases, orchestrator, run, target, orch: orchestrator() }
}

/** @param done whether it is merged before the answer is lost */
function lost(host: MemoryReviewHost, done: boolean): Partial<ReviewHost> {
  let once = true
  return {
    async merge(options) {
      if (!once) return host.merge?.(options) ?? { ok: false, reason: 'unknown' }
      once = false
      if (done) await host.merge?.(options)
      throw new OrchError('port-failed', 'the host did not answer', { port: 'review', retryable: true })
    },
  }
}

describe('where the review host merges', () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    'what passed is merged there, and never by us: %s',
    async (method) => {
      const made = hosted({ policy: { landing: { ...landing, method, checks: ['test'] } } }, tasks)
      expect((await made.run()).outcome).toBe('done')
      expect(await made.statuses()).toEqual(['a merged', 'b merged', 'c merged'])
      expect(made.vcs.read(made.target())).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n', 'c.txt': 'by c\n' })
      expect(made.moved).toEqual([])
      const { landed } = await made.orch.show('a')
      const reviews = await made.host.observe({ branches: ['orch/a'], signal: new AbortController().signal })
      expect(reviews.get('orch/a')).toMatchObject({ state: 'merged', commit: landed?.commit })
      expect(landed?.by).toBe('us')
    },
  )

  it('each change is built and checked on what the ones before have made of the target, whatever the train', async () => {
    const made = hosted({ policy: { landing: { ...landing, checks: ['test'], train: 8 } } }, tasks)
    await made.run()
    const checked = made.runner.starts
      .filter(({ environment }) => environment.ORCH_ATTEMPT === undefined)
      .map(({ directory }) => Object.keys(made.vcs.read(directory)).length)
    expect(checked).toEqual([2, 3, 4])
    expect(new Set(made.bases).size).toBe(3)
  })

  it('a change waits for rules of the host, which says so, and lands by itself when they are met', async () => {
    const made = hosted()
    made.host.mergesAre('unmet')
    expect((await made.run(made.orch, 2 * minute)).outcome).toBe('interrupted')
    const [row] = (await made.orch.status()).tasks
    expect(row).toMatchObject({ waitsFor: 'host', waits: 'memory does not merge it yet: an approval is required' })
    expect(made.events).not.toContain('task-stuck a')
    made.host.mergesAre('answers')
    expect((await made.run()).outcome).toBe('done')
    expect(await made.statuses()).toEqual(['a merged'])
  })

  it('what waits for rules of the host keeps nobody else, and asks it twice a minute', async () => {
    const made = hosted({}, tasks.slice(0, 2))
    let asked = 0
    const merge: ReviewHost['merge'] = async (options) => {
      if (options.branch === 'orch/b') return made.host.merge?.(options) ?? { ok: false, reason: 'unknown' }
      asked++
      return { ok: false, reason: 'unmet', detail: 'an approval is required' }
    }
    await made.run(made.orchestrator({ merge }), 10 * minute)
    expect(await made.statuses()).toEqual(['a complete', 'b merged'])
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(30)
  })

  it('a person is asked when the review is at another commit than the one that was judged', async () => {
    const made = hosted()
    const open: ReviewHost['open'] = async (options) => {
      const answer = await made.host.open(options)
      made.host.push('orch/a', made.target())
      return answer
    }
    const { outcome, tasks: rows } = await made.run(made.orchestrator({ open }))
    expect(outcome).toBe('failures')
    expect(rows[0]?.stuckReason).toContain('its review is not at the commit that was judged')
    expect(made.vcs.read(made.target())).not.toHaveProperty('a.txt')
    const head = made.vcs.branches().get('orch/a') ?? ''
    made.host.push('orch/a', head)
    await made.orch.land('a')
    expect((await made.run()).outcome).toBe('done')
  })

  it.each([true, false])('a merge whose answer was lost is found, or asked for again: done %s', async (done) => {
    const made = hosted()
    expect((await made.run(made.orchestrator(lost(made.host, done)))).outcome).toBe('done')
    expect((await made.orch.show('a')).landed?.by).toBe('us')
    expect(made.moved).toEqual([])
  })

  it('a host that merges and does not say so is looked at', async () => {
    const made = hosted()
    made.host.mergesAre('silent')
    expect((await made.run(made.orch, minute)).outcome).toBe('done')
    expect((await made.orch.show('a')).landed?.by).toBe('us')
  })

  it('a landing is violated when somebody was faster and the host has made something else of it', async () => {
    const made = hosted({ policy: { landing: { ...landing, checks: ['test'] } } }, tasks.slice(0, 2))
    made.host.mergesAre('raced')
    const { outcome, tasks: rows } = await made.run()
    expect(outcome).toBe('failures')
    const stuck = rows.find(({ status }) => status === 'stuck')
    expect(stuck?.stuckReason).toContain('its landing on main was violated, and nothing else lands')
    expect(rows.find(({ status }) => status === 'complete')?.waitsFor).toBe('violated')
    made.host.mergesAre('answers')
    await made.orch.land(stuck?.id ?? '')
    expect((await made.run()).outcome).toBe('done')
    expect(made.vcs.read(made.target())).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n' })
  })

  it('the same after a crash right after the merge', async () => {
    const made = hosted({ policy: { landing: { ...landing, checks: ['test'] } } })
    made.host.mergesAre('raced')
    const { tasks: rows } = await made.run(made.orchestrator(lost(made.host, true)))
    expect(rows[0]?.stuckReason).toContain('was violated')
  })

  it('what a person merges there has landed by somebody else, and is put away', async () => {
    const made = hosted({ policy: { landing: { ...landing, by: 'human' } } })
    await made.run()
    const { signal } = new AbortController()
    const [head, base] = [made.vcs.branches().get('orch/a') ?? '', made.target()]
    made.vcs.userCommit({ 'user.txt': 'user\n' })
    const asked = { branch: 'orch/a', head, method: 'squash', signal } as const
    expect((await made.host.merge?.({ ...asked, base }))?.ok).toBe(false)
    expect((await made.host.merge?.({ ...asked, base: made.target() }))?.ok).toBe(true)
    expect((await made.run()).outcome).toBe('done')
    expect((await made.orch.show('a')).landed?.by).toBe('other')
    expect(await made.statuses()).toEqual(['a merged'])
  })

  it('nor is it ours when the host had said no before, whatever the target was by then', async () => {
    const made = hosted()
    made.host.mergesAre('unmet')
    await made.run(made.orch, minute)
    made.vcs.userCommit({ 'user.txt': 'user\n' })
    made.host.mergesAre('answers')
    const { signal } = new AbortController()
    const head = made.vcs.branches().get('orch/a') ?? ''
    await made.host.merge?.({ branch: 'orch/a', head, base: made.target(), method: 'squash', signal })
    expect((await made.run()).outcome).toBe('done')
    expect((await made.orch.show('a')).landed?.by).toBe('other')
  })

  it('what is merged there and thrown away again waits, which is told, for as long as that may be an old look', async () => {
    const made = hosted({ policy: { landing: { ...landing, by: 'human' } } })
    await made.run()
    const base = made.target()
    const head = made.vcs.branches().get('orch/a') ?? ''
    const { signal } = new AbortController()
    await made.host.merge?.({ branch: 'orch/a', head, base, method: 'squash', signal })
    made.vcs.userReset(base)
    expect((await made.run()).outcome).toBe('waits')
    expect((await made.orch.status()).tasks[0]).toMatchObject({
      waitsFor: 'host',
      waits: 'its review is merged, and the branch that it was for does not hold it',
    })
  })

  it('commits of a cancelled task, on which a branch began, are not merged with it', async () => {
    const policy: PolicyInput = { landing: { ...landing, by: 'human', maxRepairs: 0 } }
    const stacked = [
      { id: '126', title: '126', writes: ['126.ts'] },
      { id: '127', title: '127', writes: ['127.ts'], stackedOn: '126' },
    ]
    const made = hosted({ policy, script: addsALine((id) => `${id}.ts`) }, stacked)
    await made.run()
    await made.orch.cancel('126')
    await made.run()
    await made.orch.land('127')
    const { tasks: rows } = await made.run()
    expect(rows.find(({ id }) => id === '127')?.stuckReason).toBe(
      'a merge of its branch as it is brings more than its change, or a conflict',
    )
    expect(made.vcs.read(made.target())).not.toHaveProperty('126.ts')
  })
})

describe('a configuration in which nothing could be merged', () => {
  const refusedFor = (policy: PolicyInput, review: ReviewHost | undefined, via: 'local' | 'push' = 'push') => {
    const { orch: _, queue, runner } = rig([])
    const agent = { name: 'agent', argv: ['agent'] } as const
    const given = { queue, runner, agent, vcs: memoryVcs({ via }), policy, reviewer: agent }
    try {
      createOrchestrator({ ...given, ...(review !== undefined && { review }) })
    } catch (error) {
      return OrchError.is(error) ? error.problems?.map(({ field }) => field) : undefined
    }
    return undefined
  }

  it('is refused with everything that is wrong with it', () => {
    const all = { hotFiles: { union: ['CHANGELOG.md'] }, epics: { login: { target: 'feature/login' } }, landing }
    const wrong = ['policy.landing.via', 'policy.landing.via', 'policy.hotFiles', 'policy.epics', 'reviewer']
    expect(refusedFor(all, undefined, 'local')).toEqual(wrong)
    expect(refusedFor({ landing: { ...landing, review: 'agent' } }, memoryReviewHost())).toEqual(['policy.landing.via'])
    expect(refusedFor({ landing: { ...landing, review: 'agent' } }, memoryReviewHost(memoryVcs()))).toBe(undefined)
  })
})
