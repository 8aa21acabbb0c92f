import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TestRepository, testRepository } from './git-repository.ts'
import { open, signal } from './git-task.ts'

type Tree = Readonly<Record<string, string>>

const folders = ['', 'd/', 'd/e/', 'g/']
const names = ['x', 'y', 'X']
const paths = folders.flatMap((folder) => names.map((name) => `${folder}${name}`))
const text = (of: string) => Array.from({ length: 20 }, (_, line) => `${of} ${line}\n`).join('')
const first: Tree = Object.fromEntries(paths.filter((path) => !/X$/.test(path)).map((path) => [path, text(path)]))

const without = (tree: Tree, gone: (path: string) => boolean): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !gone(path)))
/** What stands in the place of a file, or of a folder above it, goes. */
const put = (tree: Tree, path: string, content: string): Tree => ({
  ...without(tree, (other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)),
  [path]: content,
})

type Change = (tree: Tree) => Tree
const path = fc.constantFrom(...paths)
const folder = fc.constantFrom(...folders.slice(1))
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(path, fc.nat(3)).map(
    ([at, n]): Change =>
      (tree) =>
        put(tree, at, `${tree[at] ?? text(at)}${n}\n`),
  ),
  fc.tuple(path, fc.nat(3)).map(
    ([at, n]): Change =>
      (tree) =>
        put(tree, at, `${n}\n${tree[at] ?? text(at)}`),
  ),
  path.map(
    (at): Change =>
      (tree) =>
        without(tree, (other) => other === at),
  ),
  fc.tuple(path, path).map(
    ([from, to]): Change =>
      (tree) => {
        const content = tree[from]
        return content === undefined
          ? tree
          : put(
              without(tree, (other) => other === from),
              to,
              content,
            )
      },
  ),
  fc.tuple(folder, fc.constantFrom('h/', 'd/n/', 'g/')).map(
    ([from, to]): Change =>
      (tree) =>
        Object.entries(tree)
          .filter(([at]) => at.startsWith(from))
          .reduce(
            (made, [at, content]) =>
              put(
                without(made, (other) => other === at),
                to + at.slice(from.length),
                content,
              ),
            tree,
          ),
  ),
  fc.tuple(folder, fc.constantFrom('new', 'X')).map(
    ([at, name]): Change =>
      (tree) =>
        put(tree, at + name, `${name}\n`),
  ),
  folder.map(
    (at): Change =>
      (tree) =>
        put(tree, at.slice(0, -1), 'a file\n'),
  ),
  path.map(
    (at): Change =>
      (tree) =>
        put(tree, `${at}/in`, 'in a folder\n'),
  ),
)

interface Branch {
  readonly changes: readonly Change[]
  /** What it starts on: one of those before it, or the first commit. */
  readonly on: number
  /** Another one before it that it has merged, in its own way. */
  readonly merges: number | null
}

const branch: fc.Arbitrary<Branch> = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  on: fc.oneof({ weight: 4, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(9) }),
  merges: fc.option(fc.nat(9), { freq: 8 }),
})

/** Heads of the branches, made by one process. */
function made(repository: TestRepository, branches: readonly Branch[]): readonly string[] {
  const stream: string[] = []
  const trees: Tree[] = []
  const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`
  const commit = (ref: string, tree: Tree, parents: string) => {
    stream.push(`commit refs/heads/${ref}\ncommitter A <a@b> 1700000000 +0000\n${data(ref)}${parents}deleteall\n`)
    for (const [at, content] of Object.entries(tree)) stream.push(`M 100644 inline ${at}\n${data(content)}`)
  }
  commit('first', first, '')
  for (const [index, { changes, on, merges }] of branches.entries()) {
    const below = on >= 0 && on < index ? on : -1
    const tree = changes.reduce((so, one) => one(so), trees[below] ?? first)
    trees.push(tree)
    const merged = merges !== null && merges < index && merges !== below ? `merge refs/heads/b${merges}\n` : ''
    commit(`b${index}`, tree, `from refs/heads/${below < 0 ? 'first' : `b${below}`}\n${merged}`)
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repository.root, input: stream.join('') })
  return branches.map((_, index) => repository.git(['rev-parse', `b${index}`]))
}

/** What git says of each pair that it merges. */
function merged(repository: TestRepository, pairs: readonly (readonly [string, string])[]): readonly boolean[] {
  return pairs.map(([ours, theirs]) => repository.works(['merge-tree', '--write-tree', ours, theirs]))
}

describe('pairs that are not merged because of what they change', () => {
  it('are those alone that git merges without a conflict', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(branch, { minLength: 6, maxLength: 10 }), async (branches) => {
        using repository = testRepository()
        const heads = [...new Set(made(repository, branches))]
        const pairs = heads.flatMap((one, at) => heads.slice(at + 1).map((other) => [one, other] as const))
        const found = await open(repository).predict?.({ pairs, signal })
        expect(found?.map((files) => files?.length === 0)).toEqual(merged(repository, pairs))
      }),
      { numRuns: 12 },
    )
  })

  it('cost git one look at each, and no merge', async () => {
    using repository = testRepository(first)
    const base = repository.git(['rev-parse', 'main'])
    const heads = ['x', 'd/x', 'd/e/x', 'g/x', 'new', 'd/new'].map((at) => {
      const head = repository.commit({ [at]: 'changed\n' })
      repository.git(['reset', '-q', '--hard', base])
      return head
    })
    const pairs = heads.flatMap((one, at) => heads.slice(at + 1).map((other) => [one, other] as const))
    const vcs = open(repository)
    await vcs.observe({ landed: [], signal })
    const traces = mkdtempSync(join(repository.folder, 'traces-'))
    process.env.GIT_TRACE2_EVENT = traces
    try {
      expect(await vcs.predict?.({ pairs, signal })).toEqual(pairs.map(() => []))
    } finally {
      delete process.env.GIT_TRACE2_EVENT
    }
    expect(readdirSync(traces)).toHaveLength(1)
  })
})
