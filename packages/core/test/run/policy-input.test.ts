import { OrchError, type PolicyInput } from '@orch/core'
import { expect, test } from 'vitest'
import { checkedPolicy } from '../../src/run/policy-input.ts'

function problemsOf(given: unknown): readonly string[] {
  try {
    checkedPolicy(given as PolicyInput)
  } catch (error) {
    if (OrchError.is(error)) return error.problems.map(({ message }) => message)
    throw error
  }
  return []
}

test('what planning reads may be said in full', () => {
  const given: PolicyInput = {
    preset: 'cautious',
    limits: { layers: { ios: 1 }, roles: { qa: 2 }, features: {} },
    resources: { database: 0.5 },
    sharedFiles: ['prisma/schema.prisma', 'src/routes/**'],
    hotFiles: {
      union: ['CHANGELOG.md', '**/HISTORY.md', 'changes/'],
      regenerate: [{ files: ['pnpm-lock.yaml'], command: 'pnpm install --lockfile-only' }],
    },
    readsBlock: false,
    worth: { direct: 0, single: 3 },
    seal: ['**', '!dist/**'],
  }
  expect(checkedPolicy(given)).toMatchObject({
    maxAgents: 2,
    limits: given.limits,
    readsBlock: false,
    worth: given.worth,
  })
})

test('every branch of an epic is one that git takes, and nobody else has', () => {
  const epics = { a: { target: 'feature/a' }, b: { target: 'release-1.2' } }
  expect(checkedPolicy({ epics }).epics).toEqual(epics)
  const bad = ['-x', 'a..b', 'a b', 'x.lock', 'x/', 'refs/heads/x', 'HEAD', 'x$(id)', '.x', 'a/.b', '']
  const given = Object.fromEntries(bad.map((target) => [`epic ${target}`, { target }]))
  expect(problemsOf({ epics: { ...given, good: { target: 'x' } } })).toHaveLength(bad.length)
})

test('everything that is wrong with files that a command makes is told at once', () => {
  const regenerate = [
    { file: 'lock', command: ' ' },
    { files: ['../x', '!lock'], command: ['npm', 'i'] },
  ]
  expect(problemsOf({ hotFiles: { regenerate } })).toEqual([
    'hotFiles.regenerate[0].command: must not be empty',
    'hotFiles.regenerate[0].file: there is no such choice; did you mean files?',
    'hotFiles.regenerate[0].files: is missing',
    'hotFiles.regenerate[1].files[0]: the pattern ../x cannot be used: `..` leaves the root of the repository',
    'hotFiles.regenerate[1].files[1]: a `!` pattern cannot stand alone: each pattern is a file or folder of its own',
    'hotFiles.regenerate[1].command: expected text, not a list',
  ])
})

test.each([
  [{ epics: { a: 'feature/a' } }, 'epics.a: expected an object, not "feature/a"'],
  [{ epics: { a: {} } }, 'epics.a.target: is missing: the branch that its tasks land on'],
  [{ epics: { a: { branch: 'x' } } }, 'epics.a.branch: there is no such choice; known are target'],
  [{ epics: { a: { target: 'x' }, b: { target: 'x' } } }, 'epics.b.target: x cannot be beside x of the epic a'],
  [{ epics: { a: { target: 'x/y' }, b: { target: 'x' } } }, 'epics.b.target: x cannot be beside x/y of the epic a'],
  [{ epics: { a: { target: 'orch/a' } } }, 'epics.a.target: orch/a begins as the branches of tasks do (orch/)'],
  [{ epics: { a: { target: 'orch' } } }, 'epics.a.target: orch cannot be beside the branches of tasks (orch/)'],
  [{ preset: 'catious' }, 'preset: expected "cautious" or "balanced" or "fast" or "solo" or "pair", not "catious"'],
  [{ resource: {} }, 'resource: there is no such choice; did you mean resources?'],
  [{ limits: { layer: {} } }, 'limits.layer: there is no such choice; did you mean layers?'],
  [{ limits: { layers: { ios: 0 } } }, 'limits.layers.ios: expected at least 1, not 0'],
  [{ limits: { layers: ['ios'] } }, 'limits.layers: expected an object, not a list'],
  [{ limits: { layers: { '': 1 } } }, 'limits.layers.: a name must not be empty'],
  [{ limits: 2 }, 'limits: expected an object, not 2'],
  [{ resources: { database: 0 } }, 'resources.database: expected more than 0, not 0'],
  [{ resources: { database: 'two' } }, 'resources.database: expected a number, not "two"'],
  [{ resources: { database: Number.POSITIVE_INFINITY } }, 'resources.database: expected a number, not Infinity'],
  [{ minutes: Number.NaN }, 'minutes: expected a number, not NaN'],
  [{ worth: { singel: 3 } }, 'worth.singel: there is no such choice; did you mean single?'],
  [{ worth: { direct: -1 } }, 'worth.direct: expected at least 0, not -1'],
  [{ readsBlock: 'yes' }, 'readsBlock: expected true or false, not "yes"'],
  [{ sharedFiles: 'a' }, 'sharedFiles: expected a list, not "a"'],
  [
    { sharedFiles: ['ok', '../x'] },
    'sharedFiles[1]: the pattern ../x cannot be used: `..` leaves the root of the repository',
  ],
  [{ hotFiles: ['a'] }, 'hotFiles: expected an object, not a list'],
  [{ hotFiles: { unions: [] } }, 'hotFiles.unions: there is no such choice; did you mean union?'],
  [
    { hotFiles: { union: ['ok', '/x'] } },
    'hotFiles.union[1]: the pattern /x cannot be used: it is absolute; write it from the root of the repository',
  ],
  [
    { hotFiles: { union: ['!a'] } },
    'hotFiles.union[0]: a `!` pattern cannot stand alone: each pattern is a file or folder of its own',
  ],
  [{ hotFiles: { regenerate: {} } }, 'hotFiles.regenerate: expected a list, not an object'],
  [{ hotFiles: { regenerate: ['lock'] } }, 'hotFiles.regenerate[0]: expected an object, not "lock"'],
  [{ hotFiles: { regenerate: [{ files: ['lock'] }] } }, 'hotFiles.regenerate[0].command: is missing'],
  [{ hotFiles: { regenerate: [{ files: [], command: 'x' }] } }, 'hotFiles.regenerate[0].files: must not be empty'],
  [{ sharedFiles: [''] }, 'sharedFiles[0]: the pattern  cannot be used: it is empty'],
  [
    { sharedFiles: ['!a'] },
    'sharedFiles[0]: a `!` pattern cannot stand alone: each pattern is a file or folder of its own',
  ],
  [
    { seal: ['/etc'] },
    'seal[0]: the pattern /etc cannot be used: it is absolute; write it from the root of the repository',
  ],
])('%j is refused', (given, message) => {
  expect(problemsOf(given)).toEqual([message])
})
