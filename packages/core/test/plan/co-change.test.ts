import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { coChange, sayRule } from '../../src/plan/co-change.ts'
import { commitsOf } from '../../src/plan/git-log.ts'
import { literalGlob } from '../../src/plan/literal-glob.ts'
import { PairCounts } from '../../src/plan/pair-counts.ts'
import { parseGlob } from '../../src/plan/pattern.ts'
import { covers } from '../../src/plan/scope.ts'

/** The command of the docstring. */
const log = ['log', '--no-merges', '--no-renames', '--name-only', '-z', '--format=%x00%H']
const hash = 'a'.repeat(40)

function logOf(commits: readonly (readonly string[])[]): string {
  return commits
    .map((files) => `\0${hash}\0${files.map((file, at) => `${at === 0 ? '\n' : ''}${file}\0`).join('')}`)
    .join('')
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const item of items) out.push(item)
  return out
}

test('the log of a real repository is read right, whatever its files are called', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orch-history-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, maxBuffer: 1e9 })
  git('init', '-q')
  git('config', 'user.name', 'a')
  git('config', 'user.email', 'a@example.org')
  git('config', 'commit.gpgsign', 'false')
  const commit = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), String(Math.random()))
    }
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', 'change')
  }
  const commits = [
    ['a\nb', '\nfirst', 'q"uo\'te', 'src/é ü.ts'],
    [],
    [hash, 'a'],
    ['src/[id]/{x}.ts', '日本/語.md', ' '],
    ['-x', '*?', 'a\\b'],
  ]
  for (const files of commits) commit(...files)
  const output = git(...log)
  const sorted = (some: readonly (readonly string[])[]) => some.map((files) => [...files].sort())
  expect(sorted(await all(commitsOf([output], 100)))).toEqual(sorted([...commits].reverse()))
})

test('it does not matter where the log is cut', async () => {
  const commits = [['a\nb', 'é.ts'], [], ['\n', hash], ['日本']]
  const bytes = new TextEncoder().encode(logOf(commits))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), bytes.length]
      const chunks = ends.map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end))
      expect(await all(commitsOf(chunks, 100))).toEqual(commits)
    }),
  )
})

test('a stream that is no such log is refused before it fills the memory', async () => {
  function* endless() {
    for (;;) yield 'x'.repeat(10_000)
  }
  await expect(coChange(endless())).rejects.toThrow(RangeError)
})

const history = [
  ...Array.from({ length: 20 }, () => ['a.ts', 'b.ts', 'lock']),
  ...Array.from({ length: 5 }, () => ['a.ts', 'lock']),
  ...Array.from({ length: 20 }, (_, index) => [`other${index}.ts`, 'lock']),
  ['a.ts', 'c.ts'],
  Array.from({ length: 31 }, (_, index) => `all${index}`),
]

test('files that change together are suggested with the reason, files that everybody changes are not', async () => {
  const found = await coChange([logOf(history)])
  expect([found.commits, found.left, found.tooLow]).toEqual([46, 1, 0])
  const { writes, reasons } = found.suggest(['a.ts'])
  expect(writes).toEqual(['a.ts', 'b.ts'])
  expect(reasons).toEqual([
    {
      from: 'a.ts',
      to: 'b.ts',
      together: 20,
      of: 26,
      confidence: 20 / 26,
      surplus: 20 / 26 - 20 / 46,
    },
  ])
  expect(reasons.map(sayRule)).toEqual(['whoever changes a.ts changes b.ts, in 77 % of 26 commits'])
  expect(found.suggest(['{a,b}.ts']).writes).toEqual(['{a,b}.ts'])
  expect(found.suggest(['a.ts'], { exists: () => false }).writes).toEqual(['a.ts'])
  expect(found.suggest(['a.ts'], { most: 0 }).reasons).toEqual([])
  expect(found.suggest(['nobody.ts'])).toEqual({ writes: ['nobody.ts'], reasons: [] })
})

test('two scopes that are likely to meet say why, from both sides', async () => {
  const found = await coChange([logOf(history)])
  expect(found.likely(['a.ts'], ['b.ts']).map(sayRule)).toEqual([
    'whoever changes b.ts changes a.ts, in 100 % of 20 commits',
    'whoever changes a.ts changes b.ts, in 77 % of 26 commits',
  ])
  expect(found.likely(['b.ts'], ['a.ts'])).toEqual(found.likely(['a.ts'], ['b.ts']))
  expect(found.likely(['*.ts'], ['b.ts'])).toEqual([]) // that they meet is known anyway
  expect(found.likely(['a.ts'], ['c.ts'])).toEqual([]) // once is chance
})

test('an empty history suggests nothing', async () => {
  for (const nothing of [[], [''], [logOf([[]])]]) {
    expect((await coChange(nothing)).suggest(['a'])).toEqual({ writes: ['a'], reasons: [] })
  }
})

test('100,000 commits are read in a stream, and the rare pairs are forgotten', async () => {
  function* long() {
    for (let part = 0; part < 100; part++) {
      const commits = Array.from({ length: 1_000 }, (_, index) => {
        const number = part * 1_000 + index
        const chance = [1, 2, 3, 4].map((step) => `src/${(number * 7919 * step) % 50_021}.ts`)
        return number % 10 === 0 ? ['often/a.ts', 'often/b.ts', ...chance] : chance
      })
      yield logOf(commits)
    }
  }
  const found = await coChange(long(), { mostPairs: 100_000 })
  expect(found.commits).toBe(100_000)
  expect(found.tooLow).toBeGreaterThan(0)
  expect(found.tooLow).toBeLessThan(100)
  const [rule] = found.suggest(['often/a.ts']).reasons
  expect(rule).toMatchObject({ to: 'often/b.ts', confidence: 1 })
  expect(rule?.of).toBeGreaterThan(9_900)
})

test('counts are never too high, and too low by no more than is said', () => {
  const commit = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(commit, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (commits, most) => {
      const [few, exact] = [new PairCounts(most, 1_000), new PairCounts(1_000, 1_000)]
      for (const files of commits) for (const counts of [few, exact]) counts.add(files)
      const kept = new Map([...few.pairs(0)].map(([a, b, seen]) => [[a, b].sort().join(), seen]))
      for (const [a, b, seen] of exact.pairs(0)) {
        const counted = kept.get([a, b].sort().join()) ?? 0
        expect(counted).toBeLessThanOrEqual(seen)
        expect(counted + few.floor).toBeGreaterThanOrEqual(seen)
      }
      expect(kept.size).toBeLessThanOrEqual(most)
    }),
  )
})

test('the glob of a file covers it, and is literal where it can be', () => {
  const name = fc.string({
    minLength: 1,
    maxLength: 6,
    unit: fc.constantFrom(...'ab.!@+*?[]{}()|\\"$^ ,-\n\'é#'.split('')),
  })
  fc.assert(
    fc.property(name, name, (folder, file) => {
      const path = `${folder}/${file}`
      if (/(^|\/)\.{1,2}(\/|$)/.test(path)) return
      expect(covers([literalGlob(path)], path)).toBe(true)
      if (!path.includes('\\')) expect(parseGlob(literalGlob(path))).toMatchObject({ pattern: { literal: true } })
    }),
    { numRuns: 5_000 },
  )
})
