import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

/** What an adapter brings whose target is a remote's branch. */
export interface VcsPushRig extends VcsRig {
  /** What becomes of pushes from now on. */
  remoteIs(now: 'answers' | 'away' | 'refuses'): Promise<void> | void
}

/** The promises of a `Vcs` that pushes, beside those of every one. */
export function vcsPushSuite(framework: TestFramework, factory: () => Promise<VcsPushRig> | VcsPushRig): void {
  const { describe, expect } = framework
  const test = (name: string, body: (rig: VcsAtWork & VcsPushRig) => Promise<void>) =>
    vcsTest(framework, factory)(name, (rig) => body(rig as VcsAtWork & VcsPushRig))

  describe('pushing', () => {
    test('says that it does', async (rig) => {
      expect(rig.vcs.via).toBe('push')
    })

    test('has nothing to push of what is there already', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const commit = await rig.built(rig.base, head)
      expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toEqual({ ok: true })
      await rig.remoteIs('refuses')
      expect(await rig.vcs.land({ expect: commit, commit, signal })).toEqual({ ok: true })
      expect(await rig.target()).toBe(commit)
    })

    for (const [now, reason] of [
      ['away', 'unreachable'],
      ['refuses', 'rejected'],
    ] as const) {
      test(`changes nothing while the remote is one that ${now === 'away' ? 'does not answer' : 'refuses'}, and lands later`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'theirs\n' })
        const commit = await rig.built(rig.base, head)
        await rig.remoteIs(now)
        const refused = await rig.vcs.land({ expect: rig.base, commit, signal })
        expect(refused).toMatchObject({ ok: false, reason })
        expect((refused.ok ? '' : (refused.detail ?? '')).length).toBeGreaterThan(0)
        expect(await rig.target()).toBe(rig.base)
        expect(await rig.landedBy(head, commit)).toBe(null)
        expect(await rig.userFiles()).toEqual(vcsFiles)
        await rig.remoteIs('answers')
        expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toEqual({ ok: true })
        expect(await rig.landedBy(head, commit)).toBe('us')
      })
    }
  })
}
