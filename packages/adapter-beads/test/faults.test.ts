import { spawnSync } from 'node:child_process'
import { untouched } from '@orch/core'
import { describe, expect, it, vi } from 'vitest'
import { beadsQueue } from '../src/index.ts'
import { type Answer, fakeBd } from './fake-bd.ts'
import { recorded } from './recorded.ts'

const { signal } = new AbortController()
const refused = (name: string, exit = 1): Answer => ({ stderr: recorded(name), exit })

function queueOf(bd = fakeBd(), options: { readonly limitMs?: number } = {}) {
  return { bd, queue: beadsQueue({ directory: bd.directory, program: bd.program, ...options }) }
}
const ids = async ({ queue }: ReturnType<typeof queueOf>) =>
  (await queue.list({ all: true, signal })).tasks.map(({ id }) => id).sort()
const recordedIds = ['demo-a3f.1', 'demo-a3f.2', 'demo-a3f.3', 'demo-lab']

describe('what bd answers with', () => {
  it.each(['list-all.json', 'list-all.legacy.json'])('is read in both forms: %s', async (name) => {
    const made = queueOf()
    made.bd.answer('list', { stdout: recorded(name) })
    expect(await ids(made)).toEqual(recordedIds)
  })

  it.each(['context', 'where'])('is read without the envelope, too: %s', async (verb) => {
    const made = queueOf()
    if (verb === 'context') made.bd.answer(verb, { stdout: recorded('context.legacy.json') })
    expect(await ids(made)).toEqual(recordedIds)
  })

  it('may have warnings before it', async () => {
    const made = queueOf()
    made.bd.answer('list', { stdout: `warning: odd\n[1] {not json\n${recorded('list-all.json')}`, stderr: 'careful\n' })
    expect(await ids(made)).toEqual(recordedIds)
  })

  it.each([
    ['nothing', {}],
    ['a text, with exit 0', { stdout: recorded('update-nothing.txt') }],
    ['JSON of another shape', { stdout: '{"data":[{"id":7}],"schema_version":1}' }],
    ['half of it', { stdout: recorded('list-all.json').slice(0, 900) }],
  ])('is an outage that may pass, and no empty queue, when it is %s', async (_what, answer) => {
    const made = queueOf()
    made.bd.answer('list', answer)
    await expect(ids(made)).rejects.toMatchObject({ code: 'port-failed', port: 'queue', retryable: true })
    made.bd.answer('list', { stdout: recorded('list-all.json') })
    expect(await ids(made)).toEqual(recordedIds)
  })

  it.each([
    ['list-corrupt-manifest.stderr.txt', 'store-damaged', 1],
    ['list-corrupt-metadata-json.stderr.txt', 'store-damaged', 1],
    ['list-locked-sigterm.stderr.txt', 'store-locked', 1],
  ])('is told apart: %s is %s', async (name, code, exit) => {
    const made = queueOf()
    made.bd.answer('list', refused(name, exit))
    await expect(ids(made)).rejects.toMatchObject({ code, port: 'queue' })
  })

  it('is of a newer schema, as the source of bd says it tells that', async () => {
    const made = queueOf()
    const error = 'schema version mismatch: database is at v99, binary knows up to v60 (39 migrations ahead)'
    made.bd.answer('list', {
      stderr: `${JSON.stringify({ error, hint: 'bd --ignore-schema-skew' }, null, 2)}\n`,
      exit: 1,
    })
    await expect(ids(made)).rejects.toMatchObject({
      code: 'store-newer',
      message: expect.stringContaining('update bd'),
    })
  })

  it('may be ten thousand issues, each after the one before', async () => {
    const made = queueOf()
    const [first] = JSON.parse(recorded('list-all.json')).data
    const data = Array.from({ length: 10_000 }, (_, n) => {
      const edge = { issue_id: `demo-${n}`, depends_on_id: `demo-${n - 1}`, type: 'blocks' }
      return { ...first, id: `demo-${n}`, status: 'open', metadata: {}, dependencies: n === 0 ? [] : [edge] }
    })
    made.bd.answer('list', { stdout: JSON.stringify({ data, schema_version: 1 }) })
    const { tasks } = await made.queue.list({ signal })
    expect(tasks).toHaveLength(10_000)
    expect(tasks.find(({ id }) => id === 'demo-9999')?.dependsOn).toEqual(['demo-9998'])
  })

  it('is a panic where the storage is torn', async () => {
    const made = queueOf()
    made.bd.answer('list', {
      stderr: 'panic: runtime error: invalid memory address\n\ngoroutine 1 [running]:\n',
      exit: 2,
    })
    await expect(ids(made)).rejects.toMatchObject({ code: 'store-damaged' })
  })
})

describe('a bd that cannot be used', () => {
  it('has no database', async () => {
    const made = queueOf()
    made.bd.answer('context', { stdout: recorded('context-not-initialised.json'), exit: 1 })
    const message = expect.stringContaining('orch init --queue beads')
    await expect(ids(made)).rejects.toMatchObject({ code: 'beads-unusable', message })
  })

  it('is missing', async () => {
    const queue = beadsQueue({ directory: fakeBd().directory, program: '/nowhere/bd' })
    const missing = { code: 'beads-unusable', retryable: false, message: expect.stringContaining('install Beads 1.3') }
    await expect(queue.list({ signal })).rejects.toMatchObject(missing)
  })

  it.each(['1.2.1', '1.4.0', '2.3.0', 'dev'])('has version %s', async (version) => {
    const made = queueOf()
    made.bd.answer('context', { stdout: recorded('context.json').replace('1.3.0', version) })
    const message = expect.stringContaining(`bd ${version} is installed`)
    await expect(ids(made)).rejects.toMatchObject({ code: 'beads-unusable', message })
  })

  it('was built without what opens a database', async () => {
    const made = queueOf()
    made.bd.answer('where', { stdout: recorded('where-metadata-json-missing.json') })
    made.bd.answer('ping', { stderr: 'Error: embedded Dolt requires a CGO build\n', exit: 1 })
    await expect(ids(made)).rejects.toMatchObject({ code: 'beads-unusable', message: expect.stringContaining('cgo') })
  })

  it('has a server for a database', async () => {
    const made = queueOf()
    made.bd.answer('context', { stdout: recorded('context.json').replace('embedded', 'server') })
    await expect(ids(made)).rejects.toMatchObject({
      code: 'beads-unusable',
      message: expect.stringContaining('server'),
    })
  })

  it('hangs: it is ended with all that it started', async () => {
    const made = queueOf(fakeBd(), { limitMs: 5000 })
    made.bd.answer('list', { hangs: true })
    await expect(ids(made)).rejects.toMatchObject({ code: 'store-locked', retryable: true })
    // One that nobody has waited for yet is a zombie, and dead.
    const alive = (pid: number): boolean => {
      const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      return /^[^Z]/.test(stdout.trim())
    }
    expect(made.bd.hung()).toHaveLength(2)
    await vi.waitUntil(() => !made.bd.hung().some(alive), { timeout: 20_000, interval: 10 })
  })
})

describe('a lost database', () => {
  const empty = { stdout: recorded('list-empty.json') }

  it('is no empty queue, also where it was lost before the first look', async () => {
    const made = queueOf()
    made.bd.answer('context', { stdout: recorded('context-metadata-json-missing.json') })
    made.bd.answer('list', empty)
    await expect(ids(made)).rejects.toMatchObject({ code: 'store-lost' })
  })

  it.each([
    ['its metadata.json is gone', 'context', recorded('context-metadata-json-missing.json')],
    ['it has no prefix', 'where', recorded('where-metadata-json-missing.json')],
    ['another one is in its place', 'context', recorded('context.json').replace(/2e8f4d69/g, '00000000')],
  ])('stops everything until it is back: %s', async (_how, verb, answer) => {
    const made = queueOf()
    expect(await ids(made)).toEqual(recordedIds)
    made.bd.answer('list', empty)
    const before = recorded(`${verb}.json`)
    made.bd.answer(verb, { stdout: answer })
    for (const look of [made.queue.list, made.queue.read])
      await expect(look({ signal })).rejects.toMatchObject({ code: 'store-lost', retryable: true })
    made.bd.answer(verb, { stdout: before })
    made.bd.answer('list', { stdout: recorded('list-all.json') })
    expect(await ids(made)).toEqual(recordedIds)
  })

  it('is one whose folder is gone in the middle, too', async () => {
    const made = queueOf()
    expect(await ids(made)).toEqual(recordedIds)
    made.bd.answer('list', refused('list-not-initialised.stderr.txt'))
    await expect(ids(made)).rejects.toMatchObject({ code: 'store-lost', retryable: true })
  })

  it('is told from one that people have emptied', async () => {
    const made = queueOf()
    expect(await ids(made)).toEqual(recordedIds)
    made.bd.answer('list', empty)
    expect(await ids(made)).toEqual([])
  })

  it('is not concluded from an epic that is not there, which is said', async () => {
    const bd = fakeBd()
    const queue = beadsQueue({ directory: bd.directory, program: bd.program, epic: 'demo-none' })
    await expect(queue.list({ signal })).rejects.toMatchObject({ code: 'unknown-task', retryable: false })
  })
})

describe('a write', () => {
  const next = untouched('2026-01-01T00:00:00.000Z')
  const claim = { ...next, phase: 'spawned', run: { ...next.run, attempt: 1, owner: 'ann' } } as const
  const seat = {
    id: 'demo-orchestrator',
    title: 'seat',
    status: 'pinned',
    priority: 4,
    issue_type: 'chore',
    created_at: '2000-01-01T00:00:00Z',
  }
  const list = JSON.stringify({ data: [...JSON.parse(recorded('list-all.json')).data, seat], schema_version: 1 })
  const taken = JSON.stringify({ data: [{ ...seat, assignee: 'ann' }], schema_version: 1 })
  const lab = JSON.parse(recorded('list-all.json')).data.find((each: { id: string }) => each.id === 'demo-lab')

  function writing(...answers: readonly Answer[]) {
    const made = queueOf(fakeBd(), { limitMs: 5000 })
    made.bd.answer('list', { stdout: list })
    made.bd.answer('update', { stdout: taken }, ...answers)
    return { ...made, write: () => made.queue.write({ id: 'demo-lab', expect: null, next: claim, signal }) }
  }

  it.each(['cas-claim-lost.stderr.txt', 'cas-claim-lost.legacy.stderr.txt'])(
    'that lost the race is stale: %s',
    async (name) => {
      expect(await writing(refused(name, 13)).write()).toMatchObject({ ok: false, reason: 'stale' })
    },
  )

  it.each(['update-one-unknown.stderr.txt', 'update-one-unknown.legacy.stderr.txt'])(
    'of a deleted issue says gone: %s',
    async (name) => {
      expect(await writing(refused(name)).write()).toMatchObject({ ok: false, reason: 'gone' })
    },
  )

  it('that was refused for another reason is an outage, and quotes it', async () => {
    const { write } = writing({ stdout: recorded('update-bad-status.json'), exit: 1 })
    await expect(write()).rejects.toMatchObject({ code: 'port-failed', message: expect.stringContaining('demo-lab') })
  })

  it('that took too long and was made is found by reading it back; one that was not is an outage', async () => {
    const made = writing({ hangs: true })
    made.bd.answer('show', {
      stdout: recorded('show-missing.json'),
      stderr: recorded('show-missing.stderr.txt'),
      exit: 1,
    })
    await expect(made.write()).rejects.toMatchObject({ code: 'store-locked', retryable: true })

    made.bd.answer('update', { hangs: true })
    const now = JSON.stringify({ data: [{ ...lab, status: 'in_progress', metadata: 'it' }], schema_version: 1 })
    made.bd.answer('show', { stdout: now.replace('"it"', 'STDIN') })
    expect(await made.write()).toMatchObject({ ok: true })
  })

  it('is guarded by what was read, and hands its text over on standard input', async () => {
    const made = writing({ stdout: recorded('cas-claim.json').replaceAll('demo-a3f.1', 'demo-lab') })
    await made.write()
    const line = made.bd.calls().find((call) => call.endsWith('-- demo-lab')) ?? ''
    expect(line).toBe(
      'update --if-assignee= --if-status=open --status=in_progress --assignee=ann/demo-lab#1 --metadata=@/dev/stdin --json -- demo-lab',
    )
  })
})
