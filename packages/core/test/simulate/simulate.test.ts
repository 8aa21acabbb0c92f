import { simulate, task } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'

const button = task('button', { writes: ['src/Button.tsx'], minutes: 30 })
const label = task('label', { writes: ['src/*.tsx'], minutes: 10 })
const docs = task('docs', { writes: ['docs/**'], dependsOn: ['label'], minutes: 5 })
const lands = { landing: { by: 'orchestrator' } } as const
const turns = ({ timeline }: Awaited<ReturnType<typeof simulate>>): readonly string[] =>
  timeline.map(({ task: id, attempt, turn, start, end, ended }) => {
    const [from, to] = [start, end].map((minutes) => Math.round(minutes))
    return `${id} ${attempt}.${turn} ${from}–${to} ${ended}`
  })

describe('a simulated run', () => {
  it('takes as long as its tasks, in the order that the policy allows', async () => {
    const run = await simulate([button, label, docs], { maxAgents: 2, ...lands })
    expect(turns(run)).toEqual(['label 1.1 0–10 done', 'button 1.1 10–40 done', 'docs 1.1 10–15 done'])
    expect(run).toMatchObject({ outcome: 'done', makespan: 40, utilisation: 45 / 80, conflicts: [], stuck: [] })
    expect(run.landings.map(({ task: id, at }) => `${id} ${at}`)).toEqual(['label 10', 'docs 15', 'button 40'])
  })

  it('tells of each change that lands, also of those that land together or with a file that a command makes', async () => {
    const tasks = ['a', 'b', 'c'].map((id) => task(id, { writes: [`${id}.txt`, 'lock'], minutes: 10 }))
    const landing = { by: 'orchestrator', train: 4, checks: ['true'] } as const
    const trains = await simulate(tasks, { maxAgents: 3, landing })
    expect(trains.landings.map(({ task: id }) => id)).toEqual(['a', 'b', 'c'])
    const hotFiles = { regenerate: [{ files: ['lock'], command: 'make' }] }
    const changes = (id: string) => ({ changes: [`${id}.txt`, 'lock'] })
    const agents = { a: changes('a'), b: changes('b'), c: changes('c') }
    const made = await simulate(tasks, { maxAgents: 3, hotFiles, landing }, { agents })
    expect(made.landings.map(({ task: id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('is another one with another policy, other durations or another agent', async () => {
    const tasks = [button, docs, label]
    expect((await simulate(tasks, { maxAgents: 1, ...lands })).makespan).toBe(45)
    expect((await simulate(tasks, { maxAgents: 2, ...lands }, { durations: { button: 3 } })).makespan).toBe(15)
    const hangs = await simulate([docs, label], { maxAttempts: 1, ...lands }, { agents: { label: { does: 'hangs' } } })
    expect(hangs.outcome).toBe('failures')
    expect(hangs.stuck).toEqual([{ task: 'label', reason: expect.stringContaining('no sign') }])
    expect(hangs.landings).toEqual([])
  })

  it('tries again what failed', async () => {
    const run = await simulate([label], lands, { failures: { label: 1 } })
    expect(turns(run)).toEqual(['label 1.1 0–10 failed', 'label 2.1 10–20 done'])
    const never = await simulate([label], { maxAttempts: 2, ...lands }, { failures: 1 })
    expect(never).toMatchObject({ outcome: 'failures', stuck: [{ task: 'label' }] })
  })

  it('tells which changes did not go together, and lets their agents mend them', async () => {
    const changes = ['package.json']
    const run = await simulate([button, task('docs', { writes: ['docs/**'], minutes: 20 })], lands, {
      agents: { button: { changes }, docs: { changes } },
    })
    expect(run.conflicts).toEqual([{ task: 'button', at: 30, files: 'package.json' }])
    expect(turns(run)).toEqual(['button 1.1 0–30 done', 'docs 1.1 0–20 done', 'button 1.2 30–60 done'])
    expect(run.landings.map(({ task: id }) => id)).toEqual(['docs', 'button'])
  })

  it('waits for nobody: people approve, let go and do what is theirs', async () => {
    const tasks = [
      task('sketch', { kind: 'manual', minutes: 15 }),
      task('build', { dependsOn: ['sketch'], minutes: 10, hold: true }),
      task('check', { kind: 'sync', dependsOn: ['build'] }),
    ]
    const run = await simulate(tasks, { landing: { by: 'human' } })
    expect(run).toMatchObject({ outcome: 'done', makespan: 25 })
    expect(turns(run)).toEqual(['build 1.1 15–25 done'])
  })

  it('is the same for the same seed, and another for another', async () => {
    const some = { failures: 0.5 }
    const tasks = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => task(id, { writes: [`${id}/**`], minutes: 10 }))
    const first = await simulate(tasks, lands, { ...some, seed: 1 })
    expect(await simulate(tasks, lands, { ...some, seed: 1 })).toEqual(first)
    const others = await Promise.all([2, 3, 4].map((seed) => simulate(tasks, lands, { ...some, seed })))
    expect(others.some((other) => turns(other).join() !== turns(first).join())).toBe(true)
  })

  it('refuses tasks and policies that cannot be used', async () => {
    await expect(simulate([task('a', { dependsOn: ['a'] })])).rejects.toMatchObject({ code: 'invalid-tasks' })
    await expect(simulate([label], { maxAgents: 0 })).rejects.toMatchObject({ code: 'invalid-configuration' })
  })
})
