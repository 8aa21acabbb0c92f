import type { TestFramework } from './suite.ts'
import { signal, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

const methods = ['merge', 'squash', 'rebase'] as const

export function vcsLandingSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  describe('candidates', () => {
    for (const method of methods) {
      test(`${method}: holds both sides, and is the same every time`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'src/b.ts': 'ours\n' })
        const candidate = await rig.candidate(base, head, method)
        if (!candidate.ok) throw new Error(candidate.detail)
        expect(await rig.read(candidate.value.commit)).toEqual({
          ...vcsFiles,
          'src/a.ts': 'theirs\n',
          'src/b.ts': 'ours\n',
        })
        expect(await rig.candidate(base, head, method)).toEqual(candidate)
        expect(await rig.target()).toBe(base)
      })

      test(`${method}: a conflict names the files, and what each side has there`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'src/a.ts': 'ours\n' })
        expect(await rig.candidate(base, head, method)).toMatchObject({
          ok: false,
          reason: 'conflict',
          files: [{ path: 'src/a.ts', kind: 'content' }],
          sides: [{ path: 'src/a.ts', ours: 'ours', theirs: 'theirs' }],
        })
      })

      test(`${method}: a conflict with a file that is gone says on which side`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'theirs\n', 'src/b.ts': null })
        const base = await rig.userCommit({ 'src/a.ts': null, 'src/b.ts': 'one\ntwo\n' })
        expect(await rig.candidate(base, head, method)).toMatchObject({
          reason: 'conflict',
          sides: [
            { path: 'src/a.ts', ours: null, theirs: 'theirs' },
            { path: 'src/b.ts', ours: 'one\ntwo', theirs: null },
          ],
        })
      })

      test(`${method}: a file that is to have the lines of both gets them, those of the target first`, async (rig) => {
        const hot = { union: ['**/log.txt'] }
        const first = await rig.userCommit({ 'src/log.txt': 'first\n' })
        const head = await rig.done({ 'src/log.txt': 'theirs\n', 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'src/log.txt': 'first\nours\n' })
        expect(await rig.candidate(base, head, method)).toMatchObject({ reason: 'conflict' })
        const candidate = await rig.candidate(base, head, method, hot)
        if (!candidate.ok) throw new Error(candidate.detail)
        expect(await rig.read(candidate.value.commit)).toMatchObject({
          'src/log.txt': 'first\nours\ntheirs\n',
          'src/a.ts': 'theirs\n',
        })
        expect(await rig.candidate(base, head, method, hot)).toEqual(candidate)
        const alone = await rig.built(first, head, method, hot)
        expect(await rig.read(alone)).toMatchObject({ 'src/log.txt': 'first\ntheirs\n' })
      })

      test(`${method}: a conflict beside a file that is to have the lines of both is one, and names the others alone`, async (rig) => {
        const head = await rig.done({ 'log.txt': 'theirs\n', 'src/a.ts': 'theirs\n', 'src/b.ts': null })
        const base = await rig.userCommit({ 'log.txt': 'ours\n', 'src/a.ts': 'ours\n', 'src/b.ts': 'ours\n' })
        expect(await rig.candidate(base, head, method, { union: ['log.txt', 'src/b.ts'] })).toMatchObject({
          reason: 'conflict',
          files: [
            { path: 'src/a.ts', kind: 'content' },
            { path: 'src/b.ts', kind: 'modify-delete' },
          ],
        })
      })

      test(`${method}: what the target has already is empty`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'same\n' })
        const base = await rig.userCommit({ 'src/a.ts': 'same\n' })
        expect(await rig.candidate(base, head, method)).toMatchObject({ reason: 'empty' })
      })
    }

    test('a check-out holds exactly the candidate, again and again', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n', 'README.md': null })
      const commit = await rig.built(rig.base, head)
      const expected = { 'src/a.ts': 'theirs\n', 'src/b.ts': 'b\n' }
      const { directory } = await rig.vcs.checkout({ commit, signal })
      expect(await rig.read(directory)).toEqual(expected)
      const again = await rig.vcs.checkout({ commit, signal })
      expect(await rig.read(again.directory)).toEqual(expected)
      const before = await rig.vcs.checkout({ commit: rig.base, signal })
      expect(await rig.read(before.directory)).toEqual(vcsFiles)
    })
  })

  describe('a landing that is looked at anew', () => {
    test('is as it was to be, also when somebody has committed on top of it', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const candidate = await rig.candidate(rig.base, head)
      if (!candidate.ok) throw new Error(candidate.detail)
      const { commit, tree } = candidate.value
      const look = { base: rig.base, commit, tree, signal }
      await rig.vcs.land({ expect: rig.base, commit, signal })
      expect(await rig.vcs.verifyLanding(look)).toEqual({ ok: true })
      await rig.userCommit({ 'src/b.ts': 'on top\n' })
      expect(await rig.vcs.verifyLanding(look)).toEqual({ ok: true })
    })

    test('is violated when it is not there, when its tree is another, and when it does not come from where the target was', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const candidate = await rig.candidate(rig.base, head)
      if (!candidate.ok) throw new Error(candidate.detail)
      const { commit, tree } = candidate.value
      const look = { base: rig.base, commit, tree, signal }
      const why = async (more: object): Promise<string> => {
        const seen = await rig.vcs.verifyLanding({ ...look, ...more })
        return seen.ok ? 'is there' : `${seen.reason}: ${seen.detail}`
      }
      expect(await why({})).toBe(`violated: ${rig.vcs.target} is at ${rig.base}, which does not hold ${commit}`)
      const pins = new Set((await rig.pins()).values())
      expect([commit, rig.base].filter((oid) => !pins.has(oid))).toEqual([])
      await rig.vcs.land({ expect: rig.base, commit, signal })
      expect(await why({ tree: rig.base })).toBe(`violated: ${commit} has the tree ${tree}, and ${rig.base} was tested`)
      const later = await rig.userCommit({ 'src/b.ts': 'on top\n' })
      expect((await why({ base: later })).startsWith(`violated: ${commit} does not come from ${later}`)).toBe(true)
      expect(await rig.target()).toBe(later)
    })
  })

  describe('landing', () => {
    for (const method of methods) {
      test(`${method}: moves the target to exactly the candidate, and the user's files with it`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': 'theirs\n', 'src/new.ts': 'new\n', 'README.md': null })
        const commit = await rig.built(rig.base, head, method)
        expect(await rig.landedBy(head, commit)).toBe(null)
        expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toEqual({ ok: true })
        expect(await rig.target()).toBe(commit)
        expect(await rig.userFiles()).toEqual({ 'src/a.ts': 'theirs\n', 'src/b.ts': 'b\n', 'src/new.ts': 'new\n' })
        expect(await rig.landedBy(head, commit)).toBe('us')
        expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toEqual({ ok: true })
      })
    }

    test('is refused when the target moved, and changes nothing', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const commit = await rig.built(rig.base, head)
      const moved = await rig.userCommit({ 'src/b.ts': 'ours\n' })
      expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toMatchObject({ reason: 'moved' })
      expect(await rig.target()).toBe(moved)
      expect(await rig.userFiles()).toEqual({ ...vcsFiles, 'src/b.ts': 'ours\n' })
    })

    test('never overwrites what the user has changed: it waits for them, or lands where it is pushed alone', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n', 'src/b.ts': 'theirs\n' })
      const commit = await rig.built(rig.base, head)
      await rig.userEdit({ 'src/a.ts': 'mine\n' })
      const pushes = rig.vcs.via === 'push'
      const held = await rig.vcs.land({ expect: rig.base, commit, signal })
      expect(held).toMatchObject(pushes ? { ok: true } : { reason: 'held-by-user' })
      const { notes = [] } = await rig.vcs.observe({ landed: [], signal })
      expect(held.ok ? notes[0]?.why : held.detail).toContain('src/a.ts')
      expect(await rig.target()).toBe(pushes ? commit : rig.base)
      expect(await rig.userFiles()).toEqual({ ...vcsFiles, 'src/a.ts': 'mine\n' })
    })

    test("leaves the user's changes to other files as they are", async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const commit = await rig.built(rig.base, head)
      await rig.userEdit({ 'src/b.ts': 'mine\n', 'notes.md': 'mine\n' })
      expect(await rig.vcs.land({ expect: rig.base, commit, signal })).toEqual({ ok: true })
      const files = { ...vcsFiles, 'src/a.ts': 'theirs\n', 'src/b.ts': 'mine\n', 'notes.md': 'mine\n' }
      expect(await rig.userFiles()).toEqual(files)
    })

    test('one after the other, each on what the one before left', async (rig) => {
      const one = await rig.done({ 'src/a.ts': 'one\n' }, 'one')
      const two = await rig.done({ 'src/b.ts': 'two\n' }, 'two')
      const first = await rig.built(rig.base, one)
      expect(await rig.vcs.land({ expect: rig.base, commit: first, signal })).toEqual({ ok: true })
      const second = await rig.built(first, two)
      expect(await rig.vcs.land({ expect: first, commit: second, signal })).toEqual({ ok: true })
      expect(await rig.landedBy(one, first)).toBe('us')
      expect(await rig.landedBy(two, second)).toBe('us')
      expect(await rig.userFiles()).toEqual({ ...vcsFiles, 'src/a.ts': 'one\n', 'src/b.ts': 'two\n' })
    })

    test('of two at once exactly one lands', async (rig) => {
      const heads = await Promise.all([
        rig.done({ 'src/a.ts': 'one\n' }, 'one'),
        rig.done({ 'src/b.ts': 'two\n' }, 'two'),
      ])
      const [one = '', two = ''] = await Promise.all(heads.map((head) => rig.built(rig.base, head)))
      const results = await Promise.all([
        rig.vcs.land({ expect: rig.base, commit: one, signal }),
        rig.again().land({ expect: rig.base, commit: two, signal }),
      ])
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      expect(results.filter((result) => !result.ok && result.reason === 'moved')).toHaveLength(1)
      expect(await rig.userFiles()).toEqual(await rig.read(await rig.target()))
    })

    test('sees what somebody else landed by its content, also below later changes', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      expect(await rig.landedBy(head, null)).toBe(null)
      await rig.userCommit({ 'README.md': 'something else\n' })
      expect(await rig.landedBy(head, null)).toBe(null)
      await rig.userCommit({ 'src/a.ts': 'theirs\n' })
      expect(await rig.landedBy(head, null)).toBe('other')
      await rig.userCommit({ 'src/b.ts': 'later\n' })
      expect(await rig.landedBy(head, null)).toBe('other')
    })
  })
}
