import { expect, test } from 'vitest'
import type { Task } from '../../src/model/task.ts'
import type { Standing } from '../../src/plan/plan.ts'
import { type ReadyOptions, ready } from '../../src/plan/ready.ts'
import { task } from '../../src/testing/task.ts'

/** Who starts, and the waits of the others. */
function now(tasks: readonly Task[], standing: Record<string, Standing> = {}, options: ReadyOptions = {}) {
  const answer = ready(tasks, new Map(Object.entries(standing)), options)
  return { start: answer.start.map((one) => one.id), waits: Object.fromEntries(answer.waits) }
}
const own = (id: string) => ({ writes: [`${id}.ts`] })

test('a task waits for what it depends on until that is done', () => {
  const tasks = [task('a', own('a')), task('b', { ...own('b'), dependsOn: ['a'] })]
  const wait = { b: [{ for: 'dependency', task: 'a' }] }
  expect(now(tasks)).toEqual({ start: ['a'], waits: wait })
  expect(now(tasks, { a: 'running' })).toEqual({ start: [], waits: wait })
  expect(now(tasks, { a: 'holding' })).toEqual({ start: [], waits: wait })
  expect(now(tasks, { a: 'done' })).toEqual({ start: ['b'], waits: {} })
})

test('a task whose source says done satisfies, unless the run knows better', () => {
  const tasks = [task('a', { state: 'done' }), task('b', { dependsOn: ['a'] })]
  expect(now(tasks).start).toEqual(['b'])
  expect(now(tasks, { a: 'holding' }).start).toEqual([])
})

test('what was cancelled or never existed is lost', () => {
  const tasks = [task('a'), task('b', { dependsOn: ['a', 'nowhere'] }), task('c', { follows: ['p'] })]
  expect(now(tasks, { a: 'cancelled' }).waits).toEqual({
    b: [
      { for: 'lost', task: 'a' },
      { for: 'lost', task: 'nowhere' },
    ],
    c: [{ for: 'lost', task: 'p' }],
  })
})

test('a stack is waited for like a dependency, a pattern until its task has landed', () => {
  const tasks = [
    task('a', { ...own('a'), establishes: 'p' }),
    task('b', { ...own('b'), follows: ['p'] }),
    task('c', { ...own('c'), stackedOn: 'a' }),
  ]
  expect(now(tasks).waits).toEqual({
    b: [{ for: 'pattern', pattern: 'p', task: 'a' }],
    c: [{ for: 'stack', task: 'a' }],
  })
  expect(now(tasks, { a: 'done' }).start).toEqual(['b', 'c'])
})

test('tasks on hold and tasks of people do not start', () => {
  const tasks = [task('a', { hold: true }), task('b', { kind: 'manual' })]
  expect(now(tasks)).toEqual({ start: [], waits: { a: [{ for: 'hold' }], b: [{ for: 'person' }] } })
  expect(now(tasks, {}, { released: new Set(['a']) }).start).toEqual(['a'])
})

test('a blocked task does not start', () => {
  expect(now([task('a')], { a: 'blocked' })).toEqual({ start: [], waits: { a: [] } })
})

test.each(['running', 'holding'] as const)('nothing starts that may write what a %s task may write', (standing) => {
  const tasks = [task('a', { writes: ['src/*.ts'] }), task('b', { writes: ['src/b.ts'] }), task('c', own('c'))]
  expect(now(tasks, { a: standing })).toEqual({
    start: ['c'],
    waits: { b: [{ for: 'overlap', task: 'a', path: 'src/b.ts' }] },
  })
})

test('two that start together do not write the same file', () => {
  const tasks = [task('a', { writes: ['src'] }), task('b', { writes: ['src/b/*.ts'] })]
  expect(now(tasks)).toEqual({ start: ['a'], waits: { b: [{ for: 'overlap', task: 'a', path: 'src/b/a.ts' }] } })
})

test('spellings of one file overlap where case does not matter', () => {
  const tasks = [task('a', { writes: ['SRC/a'] }), task('b', { writes: ['src/A'] })]
  expect(now(tasks).start).toEqual(['a', 'b'])
  expect(now(tasks, {}, { caseSensitive: false }).start).toEqual(['a'])
})

test('only as many agents run as the limit says', () => {
  const tasks = ['a', 'b', 'c'].map((id) => task(id, own(id)))
  expect(now(tasks, {}, { maxAgents: 2 })).toEqual({
    start: ['a', 'b'],
    waits: { c: [{ for: 'agents', limit: 2, task: 'a' }] },
  })
  expect(now(tasks, { a: 'holding' }, { maxAgents: 2 }).start).toEqual(['b', 'c'])
  expect(now(tasks, { b: 'running', c: 'running' }, { maxAgents: 1 }).start).toEqual([])
})

test('a sync point takes no seat', () => {
  const tasks = [task('a', own('a')), task('s', { kind: 'sync' }), task('b', own('b'))]
  expect(now(tasks, { a: 'running' }, { maxAgents: 1 }).start).toEqual(['s'])
  expect(now(tasks, { s: 'running' }, { maxAgents: 1 }).start).toEqual(['a'])
})

test('lower priorities go first, then longer chains, then ids', () => {
  const tasks = [
    task('d', own('d')),
    task('c', own('c')),
    task('long', own('long')),
    task('after', { ...own('after'), dependsOn: ['long'] }),
    task('urgent', { ...own('urgent'), priority: 0 }),
  ]
  expect(now(tasks, {}, { maxAgents: 9 }).start).toEqual(['urgent', 'long', 'c', 'd'])
})

test('members of a group go one after another, in the given order', () => {
  const tasks = ['z', 'm', 'a'].map((id) => task(id, { ...own(id), group: 'g' }))
  expect(now(tasks)).toEqual({
    start: ['z'],
    waits: { m: [{ for: 'group', task: 'z' }], a: [{ for: 'group', task: 'm' }] },
  })
  expect(now(tasks, { z: 'done', m: 'cancelled' }).start).toEqual(['a'])
})

test('what lies before a circle goes first by its own length, as if there were none', () => {
  const circle = [task('x', { dependsOn: ['long', 'y'] }), task('y', { dependsOn: ['x'] })]
  const tasks = [task('brief', { ...own('a'), minutes: 10 }), task('long', { ...own('b'), minutes: 60 }), ...circle]
  expect(now(tasks).start).toEqual(['long', 'brief'])
})

test('a group never waits in a circle: dependencies come before its order', () => {
  const tasks = [
    task('a', { ...own('a'), group: 'g', dependsOn: ['x'] }),
    task('b', { ...own('b'), group: 'g' }),
    task('x', { ...own('x'), dependsOn: ['b'] }),
  ]
  expect(now(tasks).start).toEqual(['b'])
  expect(now(tasks, { b: 'done' }).start).toEqual(['x'])
  expect(now(tasks, { b: 'done', x: 'done' }).start).toEqual(['a'])
})

test('a task without a scope runs beside others by default, and alone by policy', () => {
  const tasks = [task('a', { priority: 1 }), task('b', own('b')), task('c', { writes: [] })]
  expect(now(tasks).start).toEqual(['a', 'b', 'c'])
  expect(now(tasks, {}, { unknownScope: 'alone' })).toEqual({
    start: ['a'],
    waits: {
      b: [{ for: 'overlap', task: 'a', path: null }],
      c: [{ for: 'overlap', task: 'a', path: null }],
    },
  })
  expect(now(tasks, { b: 'running' }, { unknownScope: 'alone' }).start).toEqual(['c'])
  expect(now(tasks, { b: 'holding', c: 'done' }, { unknownScope: 'alone' }).start).toEqual([])
})

test('a filter limits what starts, not what counts', () => {
  const tasks = [task('a', { writes: ['x'] }), task('b', { writes: ['x'] })]
  expect(now(tasks, {}, { mayStart: (one) => one.id === 'b' }).start).toEqual(['b'])
  expect(now(tasks, { a: 'running' }, { mayStart: (one) => one.id === 'b' }).start).toEqual([])
})
