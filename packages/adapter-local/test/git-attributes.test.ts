import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testRepository } from './git-repository.ts'
import { open, signal } from './git-task.ts'

const lines = '1\n2\n3\n4\n5\n6\n7\n8\n'

/** What two sides do to one file. */
const edits = {
  apart: [`x\n${lines}`, `${lines}y\n`],
  'at one place': [`${lines}x\n`, `${lines}y\n`],
  'the same': [`${lines}x\n`, `${lines}x\n`],
  'of one alone': [lines, `${lines}y\n`],
  'line ends': [`${lines}x\r\n`, `y\n${lines}`],
} as const

const paths = [
  'a.txt',
  'a b.txt',
  'b.bin',
  'sub/a.txt',
  'sub/deep/a.txt',
  'sub/deep/b.bin',
  'ü/a.txt',
  '[x]/a.txt',
] as const

const patterns = fc.constantFrom(
  ...['*', '*.txt', '*.bin', 'a.txt', '/a.txt', 'sub/a.txt', 'sub/**', '**/a.txt', 'deep/*', '"a b.txt"', 'a?b.txt'],
  ...[
    'ü/*',
    '"\\303\\274/a.txt"',
    '\\[x\\]/*',
    '[ab].*',
    'sub/',
    '#a.txt',
    '!a.txt',
    '\\!a.txt',
    '[attr]mine',
    ' a.txt',
  ],
)
const values = fc.constantFrom(
  ...['-merge', 'merge', '!merge', 'merge=union', 'merge=binary', 'merge=text', 'merge=none', 'binary', '-binary'],
  ...[
    'text',
    '-text',
    'text=auto',
    'eol=lf',
    'eol=crlf',
    'crlf',
    '-crlf',
    'mine',
    '-mine',
    'diff=evil',
    'conflict-marker-size=3',
  ],
)
const attributesFile = fc
  .array(fc.tuple(patterns, fc.array(values, { minLength: 1, maxLength: 3 })), { maxLength: 5 })
  .map((rows) => rows.map(([pattern, given]) => `${pattern} ${given.join(' ')}\n`).join(''))

it("a merge in memory comes to what one in the user's own check-out does, by the attributes that are tracked there", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        '.gitattributes': attributesFile,
        'sub/.gitattributes': attributesFile,
        'sub/deep/.gitattributes': attributesFile,
      }),
      fc.option(attributesFile),
      fc.tuple(...paths.map(() => fc.constantFrom(...Object.values(edits)))),
      async (attributes, changed, given) => {
        using repository = testRepository({ 'README.md': 'read me\n' })
        // As they lie, whatever the attributes say: git itself may leave them so.
        const commit = (files: Readonly<Record<string, string>>) => repository.commitAsIs(files)
        const from = commit({ ...attributes, ...Object.fromEntries(paths.map((path) => [path, lines])) })
        const side = (at: 0 | 1) => Object.fromEntries(paths.map((path, index) => [path, given[index]?.[at] ?? lines]))
        const base = commit(side(0))
        repository.git(['checkout', '-q', '-f', '-b', 'side', from])
        const head = commit({ ...side(1), ...(changed !== null && { 'ü/.gitattributes': changed }) })
        const built = await open(repository).buildCandidate({ base, head, from, method: 'merge', message: 'x', signal })
        repository.git(['checkout', '-q', '-f', 'main'])
        const isClean = repository.works(['merge', '-q', '--no-edit', '--no-ff', 'side'])
        if (isClean) {
          const tree = repository.git(['rev-parse', 'HEAD^{tree}'])
          expect(built).toMatchObject(
            tree === repository.git(['rev-parse', `${base}^{tree}`]) ? { reason: 'empty' } : { value: { tree } },
          )
          return
        }
        const conflicts = repository.git(['diff', '--name-only', '--diff-filter=U', '-z']).split('\0').slice(0, -1)
        // Where attributes make git take files for changed, it merges nothing.
        fc.pre(conflicts.length > 0)
        expect(built).toMatchObject({ reason: 'conflict' })
        expect('files' in built && built.files.map(({ path }) => path).sort()).toEqual(conflicts.sort())
      },
    ),
    { numRuns: 10, endOnFailure: true },
  )
}, 300_000)
