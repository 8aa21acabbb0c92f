import { describe, expect, it } from 'vitest'
import { freshFolder, orch } from './rig.ts'

const tasks = [
  { id: 'button', writes: ['src/Button.tsx'], minutes: 30 },
  { id: 'label', writes: ['src/*.tsx'], minutes: 10 },
]
const file = { 'tasks.yaml': JSON.stringify(tasks) }

describe('orch simulate', () => {
  it('tells what a run would come to, by the policy of the configuration', async () => {
    const directory = freshFolder(file)
    const run = await orch(['simulate', 'tasks.yaml'], { directory })
    expect(run).toMatchObject({ exit: 0, stderr: '' })
    expect(run.stdout).toContain('40 min with 3 agents')
    expect(run.stdout).toMatch(/^ {2}button {2}1\.1 {2}0–30 min +done, landed at 30$/m)
    const json = await orch(['simulate', 'tasks.yaml', '--max-agents', '1', '--json'], { directory })
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'done', makespan: 40, utilisation: 1 })
  })

  it('plays a seed again, with its own tasks or with those of a file', async () => {
    const directory = freshFolder(file)
    const [own, given] = await Promise.all([
      orch(['simulate', '--seed', '7', '--json'], { directory }),
      orch(['simulate', '--seed', '7', 'tasks.yaml', '--json'], { directory }),
    ])
    expect(JSON.parse(own.stdout)).toMatchObject({ seed: 7, violation: null })
    expect(JSON.parse(given.stdout).trace.join('\n')).toContain('button to spawned')
    const text = await orch(['simulate', '--seed', '7', 'tasks.yaml'], { directory })
    expect(text).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Seed 7: everything was kept/) })
  })

  it('refuses what is no seed, and tasks that cannot be used', async () => {
    const directory = freshFolder({ 'tasks.yaml': JSON.stringify([{ id: 'a', dependsOn: ['b'] }]) })
    expect((await orch(['simulate', '--seed', '-1'], { directory })).exit).toBe(2)
    expect((await orch(['simulate', '--seed', '1', '--max-agents', '2'], { directory })).exit).toBe(2)
    const refused = await orch(['simulate', 'tasks.yaml', '--json'], { directory })
    expect(refused.exit).toBe(2)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'invalid-tasks' } })
  })
})
