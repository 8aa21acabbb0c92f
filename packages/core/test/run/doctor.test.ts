import type { Clock } from '@orch/core'
import { OrchError, systemClock } from '@orch/core'
import { expect, it } from 'vitest'
import { agent, rig } from './run-rig.ts'

const { signal } = new AbortController()
const one = { id: 'one', title: 'One', writes: ['one.txt'] }
const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code)

/** A task that has landed, whose workspace is there again, with a file in it that is nowhere else. */
async function leftOver() {
  const made = rig([one])
  await made.orch.run()
  const { target } = await made.vcs.observe({ landed: [], signal })
  await made.vcs.createWorkspace({ name: 'one', branch: 'orch/one', from: target, signal })
  made.vcs.edit('one', { 'late.txt': 'late\n' })
  return made
}

it('finds nothing before, while and after all goes well', async () => {
  const made = rig([one], { script: () => () => undefined })
  expect(await made.orch.doctor()).toEqual({ findings: [], mended: [], unmended: [] })
  const over = new AbortController()
  const run = made.orch.run({ signal: over.signal })
  await new Promise<void>((resolve) => made.orch.once('task-started', () => resolve()))
  const other = made.orchestrator()
  expect(await other.doctor({ fix: true })).toEqual({ findings: [], mended: [], unmended: [] })
  expect(made.runner.alive).toHaveLength(1)
  over.abort()
  await run
})

it('keeps what it puts away, and does nothing a second time', async () => {
  const { orch, vcs } = await leftOver()
  const pins = vcs.pins().size
  expect(codes((await orch.doctor()).findings)).toEqual(['leftover-workspace'])
  expect(vcs.pins().size).toBe(pins)
  const { findings, mended } = await orch.doctor({ fix: true })
  expect([codes(findings), codes(mended)]).toEqual([[], ['leftover-workspace']])
  expect((await orch.showKept({ task: 'one' })).changes?.files.map(({ path }) => path)).toContain('late.txt')
  expect((await orch.doctor({ fix: true })).mended).toEqual([])
})

it('says why it could not mend something, and leaves it', async () => {
  const { orch, vcs } = await leftOver()
  vcs.occupy('one', true)
  const { findings, mended, unmended } = await orch.doctor({ fix: true })
  expect([codes(findings), mended]).toEqual([['leftover-workspace'], []])
  expect(unmended).toMatchObject([{ why: 'a process works in one' }])
})

it('stops what works for an attempt that is over', async () => {
  const made = rig([one], { script: () => () => undefined })
  const over = new AbortController()
  const run = made.orch.run({ signal: over.signal })
  await new Promise<void>((resolve) => made.orch.once('task-started', () => resolve()))
  over.abort()
  await run
  const started = { profile: agent, directory: '/memory.worktrees/one', prompt: '', environment: {}, signal }
  await made.runner.start({ ...started, key: 'turn-one.0.1' })
  const { findings, mended } = await made.orchestrator().doctor({ fix: true })
  expect([codes(findings), codes(mended)]).toEqual([['dead-owner'], ['orphan-process']])
  expect(made.runner.alive).toEqual(['turn-one.1.1'])
})

it('mends nothing after a pause that was longer than its lease', async () => {
  const made = await leftOver()
  let elapsed = 0
  const clock: Clock = { ...systemClock(), elapsed: () => elapsed }
  const vcs = Object.assign(Object.create(made.vcs) as typeof made.vcs, {
    inspect: async (options: Parameters<typeof made.vcs.inspect>[0]) => {
      elapsed += 3_600_000
      return made.vcs.inspect(options)
    },
  })
  await expect(made.orchestrator({ clock, vcs }).doctor({ fix: true })).rejects.toMatchObject({ code: 'paused' })
  expect(made.vcs.read('/memory.worktrees/one')).toMatchObject({ 'late.txt': 'late\n' })
})

it('tells which ports do not answer, and of the rest what it can', async () => {
  const made = await leftOver()
  const down = new OrchError('port-failed', 'no answer', { port: 'runner', retryable: true })
  const runner = Object.assign(Object.create(made.runner) as typeof made.runner, {
    processes: () => Promise.reject(down),
  })
  expect((await made.orchestrator({ runner }).doctor()).findings).toMatchObject([
    { code: 'no-answer', subject: 'runner', what: 'no answer', needs: 'run' },
    { code: 'leftover-workspace' },
  ])
})
