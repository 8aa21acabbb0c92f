import type { Oid } from '../model/run-state.ts'
import type { ReviewHost } from '../ports/review-host.ts'
import type { Files } from './memory-files.ts'
import { disposeOf, itUnless, type Lacks, type TestFramework } from './suite.ts'

/** What an adapter brings whose host merges: a repository at the host, with a target that holds something. */
export interface ReviewHostMergeRig {
  readonly host: ReviewHost & Required<Pick<ReviewHost, 'merge'>>
  /** A commit of these files on top of the target as it is now, as the head of `branch`, which begins there. */
  done(branch: string, files: Files): Promise<Oid> | Oid
  /** As somebody who lands on the target. */
  userCommit(files: Files): Promise<Oid> | Oid
  target(): Promise<Oid> | Oid
  read(commit: Oid): Promise<Files> | Files
  /** Whether `commit` came from `head`. */
  holds(commit: Oid, head: Oid): Promise<boolean> | boolean
  /** Whether rules of the host keep reviews from being merged, from now on. */
  rulesAre(now: 'met' | 'unmet'): Promise<void> | void
}

/** `conflicts`: the host (an emulator) takes every review for mergeable; `rules`: it has none. */
export type ReviewHostMergeLacks = Lacks<'conflicts' | 'rules'>

const signal = new AbortController().signal
const branch = 'orch/a'

/** The promises of a review host that merges, beside those of every one. `factory` makes a rig without reviews for each test. */
export function reviewHostMergeSuite(
  framework: TestFramework,
  factory: () => Promise<ReviewHostMergeRig> | ReviewHostMergeRig,
  lacks: ReviewHostMergeLacks = {},
): void {
  const { describe, expect } = framework
  const test = (name: string, body: (rig: ReviewHostMergeRig) => Promise<void>, why?: string): void =>
    itUnless(framework, why, name, async () => {
      const rig = await factory()
      try {
        await body(rig)
      } finally {
        await disposeOf(rig)
      }
    })
  const open = (rig: ReviewHostMergeRig, head: Oid) =>
    rig.host.open({ branch, head, title: 'Add a', body: 'It adds a.', signal })
  const merge = (
    rig: ReviewHostMergeRig,
    asked: { readonly head: Oid; readonly base: Oid; readonly method?: 'merge' | 'squash' | 'rebase' },
  ) => rig.host.merge({ branch, method: 'merge', ...asked, signal })
  const seen = async (rig: ReviewHostMergeRig) => (await rig.host.observe({ branches: [branch], signal })).get(branch)
  const opened = async (rig: ReviewHostMergeRig) => {
    const base = await rig.target()
    const head = await rig.done(branch, { 'a.txt': 'a\n' })
    await open(rig, head)
    return { base, head }
  }
  /** Nothing was done, and it can still be merged. */
  const nothingIs = async (rig: ReviewHostMergeRig, at: Oid) => {
    expect(await rig.target()).toBe(at)
    expect((await seen(rig))?.state).toBe('open')
  }

  describe('merging', () => {
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      test(`${method}: the target holds the change after it, and observing tells as which commit`, async (rig) => {
        const { base, head } = await opened(rig)
        const before = await rig.read(base)
        const merged = await merge(rig, { head, base, method })
        if (!merged.ok) throw new Error(merged.detail ?? merged.reason)
        const { commit } = merged.value
        expect(await rig.target()).toBe(commit)
        expect(await rig.read(commit)).toEqual({ ...before, 'a.txt': 'a\n' })
        expect(await seen(rig)).toMatchObject({ state: 'merged', head, commit })
        expect(await rig.holds(commit, head)).toBe(method === 'merge')
      })
    }

    test('asking twice is merging once, also when the target has moved on', async (rig) => {
      const { base, head } = await opened(rig)
      const merged = await merge(rig, { head, base })
      expect(merged.ok).toBe(true)
      expect(await merge(rig, { head, base })).toEqual(merged)
      const now = await rig.userCommit({ 'user.txt': 'user\n' })
      expect(await merge(rig, { head, base })).toEqual(merged)
      expect(await rig.target()).toBe(now)
    })

    test('another head than the one that was judged is not merged', async (rig) => {
      const { base, head } = await opened(rig)
      const other = await rig.done('orch/other', { 'b.txt': 'b\n' })
      expect(await merge(rig, { head: other, base })).toMatchObject({ ok: false, reason: 'head-moved' })
      await nothingIs(rig, base)
      expect(await merge(rig, { head, base })).toMatchObject({ ok: true })
    })

    test('nothing is merged into a target that is not where the head was judged', async (rig) => {
      const { base, head } = await opened(rig)
      const now = await rig.userCommit({ 'user.txt': 'user\n' })
      expect(await merge(rig, { head, base })).toMatchObject({ ok: false, reason: 'target-moved' })
      await nothingIs(rig, now)
      expect(await merge(rig, { head, base: now })).toMatchObject({ ok: true })
    })

    test(
      'a conflict is not merged, and said to be none that passes',
      async (rig) => {
        const head = await rig.done(branch, { 'a.txt': 'a\n' })
        await open(rig, head)
        const now = await rig.userCommit({ 'a.txt': 'user\n' })
        expect(await merge(rig, { head, base: now })).toMatchObject({ ok: false, reason: 'not-mergeable' })
        await nothingIs(rig, now)
      },
      lacks.conflicts,
    )

    test(
      'what its rules keep from being merged is merged once they are met',
      async (rig) => {
        const { base, head } = await opened(rig)
        await rig.rulesAre('unmet')
        const refused = await merge(rig, { head, base })
        expect(refused).toMatchObject({ ok: false, reason: 'unmet' })
        expect((refused.ok ? '' : (refused.detail ?? '')).length).toBeGreaterThan(0)
        await nothingIs(rig, base)
        await rig.rulesAre('met')
        expect(await merge(rig, { head, base })).toMatchObject({ ok: true })
      },
      lacks.rules,
    )

    test('neither a review that was closed is merged, nor one that was never opened', async (rig) => {
      const base = await rig.target()
      const head = await rig.done(branch, { 'a.txt': 'a\n' })
      expect(await merge(rig, { head, base })).toMatchObject({ ok: false, reason: 'not-mergeable' })
      await open(rig, head)
      await rig.host.close({ branch, signal })
      expect(await merge(rig, { head, base })).toMatchObject({ ok: false, reason: 'not-mergeable' })
      expect(await rig.target()).toBe(base)
    })
  })
}
