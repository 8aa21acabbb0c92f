import { turnKey } from '../model/process-key.ts'
import type { Report } from '../model/report.ts'
import { isLive, type Turn } from '../model/turn.ts'
import { type AgentRunnerRig, key, rigTest, signal, until } from './agent-runner-rig.ts'
import type { Lacks, TestFramework } from './suite.ts'

export type AgentRunnerLacks = Lacks<'survivors' | 'watch' | 'processes'>

/** The promises of `AgentRunner`. */
export function agentRunnerSuite(
  framework: TestFramework,
  factory: () => Promise<AgentRunnerRig> | AgentRunnerRig,
  lacks: AgentRunnerLacks = {},
): void {
  const { describe, expect } = framework
  const test = rigTest(framework, factory)
  const isOver = (turn: Turn) => turn.is === 'ended' || turn.is === 'vanished'
  const stuck: Report = { tell: 'stuck', reason: 'which one?', options: ['a', 'b'], context: '' }

  describe('a runner of agents', () => {
    test('says never of a key that was never started', async (rig) => {
      expect(await rig.turn()).toEqual({ is: 'never' })
      expect(await rig.stop()).toBe('stopped')
      expect(await rig.tail(5)).toEqual([])
    })

    test(
      'tells of every process that it knows of',
      async (rig) => {
        expect(await rig.runner.processes?.({ signal })).toEqual(new Map())
        await rig.start({ ends: { exit: 3 } })
        const turn = await rig.seen(isOver)
        expect(await rig.again().processes?.({ signal })).toEqual(new Map([[key, turn]]))
        await rig.runner.forget({ prefixes: [key], signal })
        expect(await rig.runner.processes?.({ signal })).toEqual(new Map())
      },
      lacks.processes,
    )

    test('tells of a process that nobody asks about, as long as it lives', async (rig) => {
      await rig.start({ ends: 'when-stopped' })
      await rig.seen((turn) => turn.is === 'alive')
      const seen = async () => {
        const turns = await rig.again().observe({ keys: ['turn-other.1.1'], signal })
        return [...turns].map(([name, { is }]) => `${name} ${is}`).sort()
      }
      expect(await seen()).toEqual([`${key} alive`, 'turn-other.1.1 never'].sort())
      await rig.stop()
      expect(await seen()).toEqual(['turn-other.1.1 never'])
    })

    test('tells of the living the number that it told at the start, if it has one', async (rig) => {
      const started = await rig.start({ ends: 'when-stopped' })
      const turn = await rig.seen((turn) => turn.is === 'alive')
      expect(started).toMatchObject({ ok: true })
      expect('pid' in turn ? turn.pid : undefined).toBe(started.ok ? started.value.pid : undefined)
    })

    for (const exit of [0, 7]) {
      test(`tells exit ${exit}`, async (rig) => {
        expect((await rig.start({ ends: { exit } })).ok).toBe(true)
        const facts = { report: null, reports: 0, survivors: false, resume: null }
        // What is about to die may be seen for a moment beside its recorded end.
        expect(await rig.seen((turn) => isOver(turn) && !isLive(turn))).toEqual({ is: 'ended', exit, ...facts })
      })
    }

    test('gives the agent its prompt and its environment', async (rig) => {
      await rig.start({ printsPrompt: true, ends: { exit: 0 } })
      await rig.seen(isOver)
      expect(await rig.tail(10)).toEqual(['the prompt', 'task'])
    })

    test('runs a key once, however often it is started', async (rig) => {
      await rig.start({ prints: ['once'], ends: 'when-stopped' })
      await until(
        () => rig.tail(1),
        (lines) => lines.length > 0,
      )
      expect(await rig.start({ prints: ['twice'], ends: { exit: 1 } })).toMatchObject({ reason: 'already-started' })
      await rig.stop()
      expect(await rig.start({ prints: ['twice'], ends: { exit: 1 } })).toMatchObject({ reason: 'already-started' })
      expect(await rig.tail(10)).toEqual(['once'])
    })

    test('lets one of several racing starts run', async (rig) => {
      const runners = [rig.runner, rig.again(), rig.runner, rig.again(), rig.again()]
      const results = await Promise.all(
        runners.map((runner) => rig.start({ prints: ['ran'], ends: { exit: 0 } }, { runner })),
      )
      expect(results.filter((result) => result.ok)).toHaveLength(1)
      expect(results.filter((result) => !result.ok && result.reason === 'already-started')).toHaveLength(4)
      await rig.seen(isOver)
      expect(await rig.tail(10)).toEqual(['ran'])
    })

    test('names a command that is not there, and starts the key once it is', async (rig) => {
      const options = { key, directory: rig.directory, prompt: '', environment: {}, signal }
      const result = await rig.runner.start({ ...options, profile: rig.missing })
      expect(result).toMatchObject({ ok: false, reason: 'no-command' })
      expect(result.ok ? '' : result.detail).toContain(rig.missing.argv[0])
      expect(await rig.turn()).toEqual({ is: 'never' })
      expect((await rig.start({ ends: { exit: 0 } })).ok).toBe(true)
    })

    test('tells the living, what they reported last and how much', async (rig) => {
      await rig.start({ reports: [{ tell: 'planning' }, stuck], ends: 'when-stopped' })
      const turn = await rig.seen((turn) => turn.is === 'alive' && turn.reports === 2)
      expect(turn).toMatchObject({ is: 'alive', report: stuck })
    })

    test('keeps a stuck report over exit 0', async (rig) => {
      await rig.start({ reports: [{ tell: 'working' }, stuck], ends: { exit: 0 } })
      expect(await rig.seen(isOver)).toMatchObject({ is: 'ended', exit: 0, report: stuck, reports: 2 })
    })

    test('is seen, stopped and remembered by a runner that was made later', async (rig) => {
      await rig.start({ ends: 'when-stopped' })
      expect(await rig.turn(rig.again())).toMatchObject({ is: 'alive' })
      expect(await rig.again().stop({ key, graceMs: 10_000, signal })).toBe('stopped')
      expect(await rig.turn(rig.again())).toEqual(await rig.turn())
    })

    for (const ends of ['when-stopped', 'when-killed'] as const) {
      test(`stops one that ends ${ends}, and again`, async (rig) => {
        await rig.start({ prints: ['ready'], ends })
        await until(
          () => rig.tail(1),
          (lines) => lines.length === 1,
        )
        const graceMs = ends === 'when-stopped' ? 10_000 : 50
        expect(await rig.runner.stop({ key, graceMs, signal })).toBe('stopped')
        const turn = await rig.turn()
        expect(isOver(turn)).toBe(true)
        expect(turn).toMatchObject({ survivors: false })
        expect(await rig.stop()).toBe('stopped')
      })
    }

    test(
      'tells of children that were left behind, and ends them',
      async (rig) => {
        await rig.start({ ends: 'leaving-child' })
        expect(await rig.seen(isOver)).toMatchObject({ is: 'ended', exit: 0, survivors: true })
        await rig.runner.forget({ prefixes: [key], signal })
        expect(await rig.turn()).toMatchObject({ is: 'ended', survivors: true })
        expect(await rig.stop()).toBe('stopped')
        expect(await rig.turn()).toMatchObject({ is: 'ended', exit: 0, survivors: false })
      },
      lacks.survivors,
    )

    test('says vanished of one that died without a record', async (rig) => {
      const report: Report = { tell: 'working', note: 'half' }
      await rig.start({ reports: [report], ends: 'when-stopped' })
      await rig.seen((turn) => turn.is === 'alive' && turn.reports === 1)
      await rig.kill(key)
      const turn = await rig.seen((turn) => turn.is === 'vanished' && !turn.survivors)
      expect(turn).toEqual({ is: 'vanished', report, reports: 1, survivors: false, resume: null })
      expect((await rig.start({ ends: { exit: 0 } })).ok).toBe(false)
    })

    test('brings guidance to the living, each once and in order', async (rig) => {
      const send = async (name: string) => {
        const guidance = { key: name, text: `do ${name}`, turn: null }
        const result = await rig.runner.send({ key, guidance, signal })
        return result.ok ? 'ok' : result.reason
      }
      expect(await send('z')).toBe('not-live')
      await rig.start({ ends: 'when-stopped' })
      expect([await send('z'), await send('a'), await send('z')]).toEqual(['ok', 'ok', 'ok'])
      expect((await rig.inbox(key)).map((text) => text.trim())).toEqual(['do z', 'do a'])
      await rig.stop()
      expect(await send('b')).toBe('not-live')
    })

    test('shows the last lines of what was printed', async (rig) => {
      await rig.start({ prints: ['one', 'two', 'three'], ends: { exit: 0 } })
      await rig.seen(isOver)
      expect(await rig.tail(2)).toEqual(['two', 'three'])
      expect(await rig.tail(0)).toEqual([])
    })

    test('keeps the session that it was given', async (rig) => {
      await rig.start({ ends: { exit: 1 } }, { resume: 'session-1' })
      expect(await rig.seen(isOver, rig.again())).toMatchObject({ resume: 'session-1' })
    })

    test('forgets the ended and leaves the living alone', async (rig) => {
      await rig.start({ ends: 'when-stopped' })
      await rig.runner.forget({ prefixes: [key, turnKey('other', 1, 1)], signal })
      expect(await rig.turn()).toMatchObject({ is: 'alive' })
      await rig.stop()
      await rig.runner.forget({ prefixes: ['turn-other.', 'check-'], signal })
      expect(await rig.turn()).toMatchObject({ is: 'ended' })
      await rig.runner.forget({ prefixes: ['turn-task.'], signal })
      expect(await rig.turn(rig.again())).toEqual({ is: 'never' })
    })

    test(
      'gives a hint when a process ends',
      async (rig) => {
        const over = new AbortController()
        const hinted = new Promise<void>((resolve) => rig.runner.watch?.({ onChange: resolve, signal: over.signal }))
        await rig.start({ ends: { exit: 0 } })
        await hinted
        over.abort()
      },
      lacks.watch,
    )

    test('does nothing for a caller that has given up', async (rig) => {
      const aborted = AbortSignal.abort(new Error('given up'))
      const profile = rig.agent({ ends: 'when-stopped' })
      const { directory } = rig
      const calls = [
        rig.runner.start({ key, profile, directory, prompt: '', environment: {}, signal: aborted }),
        rig.runner.observe({ keys: [key], signal: aborted }),
        rig.runner.stop({ key, graceMs: 0, signal: aborted }),
      ]
      for (const result of await Promise.allSettled(calls)) expect(result).toMatchObject({ status: 'rejected' })
      expect(await rig.turn()).toEqual({ is: 'never' })
    })
  })
}
