import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFailed } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt } from './from-git.ts'
import { running } from './running.ts'
import { outside, type Scene, scene } from './scene.ts'
import { cloneOfThis, source, tenTasks } from './this-repository.ts'

const found = source()
const kills = 20

/** Numbers from 0 to 1 that hang on the seed alone. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Starts `orch run` and kills it a moment after something can be seen of it; true when it was alive then. */
async function killAtRandom(real: Scene, next: () => number): Promise<boolean> {
  const { child, over, lines } = running(real)
  // Twice in three times something that it says, otherwise any time from its very beginning.
  const says = next() < 2 / 3 ? 1 + Math.floor(next() * 3) : 0
  if (says > 0) await lines(says)
  await Promise.race([pause(next() * (says > 0 ? 100 : 700)), over])
  const alive = child.exitCode === null && child.kill('SIGKILL')
  await over
  return alive && child.signalCode === 'SIGKILL'
}

describe('SIGKILL of orch run at twenty random moments', () => {
  it('comes to the same end', { timeout: 120_000 }, async ({ skip }) => {
    if ('missing' in found) return skip(found.missing)
    const seed = Number(process.env.ORCH_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
    onTestFailed(() => console.error(`the moments of the kills come from ORCH_TEST_SEED=${seed}`))
    const around = outside()
    const root = cloneOfThis(around, found.root)
    const tasks = tenTasks(around, root)
    const real = await scene(around, { root, tasks, method: 'squash' })
    const next = random(seed)
    let hit = 0
    for (let time = 0; time < kills; time++) if (await killAtRandom(real, next)) hit++
    expect(hit, 'kills that hit a run which was alive').toBeGreaterThanOrEqual(12)
    expect(await real.call('run')).toMatchObject({ exit: 0 })

    const ids = tasks.map(({ id }) => id)
    expectLanded(real, ids)
    expectNothingLeft(real)
    expectReachable(real, 25)
    expectUserAt(real)
    // Not even an agent was started twice: whoever was at work when the run died was taken over.
    expect(real.lines('counts')).toHaveLength(ids.length)
  })
})
