import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { freshFolder, main, orch } from './rig.ts'

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
const many = Array.from({ length: 300 }, (_, index) => ({ id: `t${index}`, writes: [`${index}`] }))

describe('orch plan of 300 tasks', () => {
  it('is whole for a program that reads it', async () => {
    const directory = freshFolder({ 'tasks.json': JSON.stringify(many) })
    const { stdout } = await orch(['plan', 'tasks.json'], { directory })
    expect(stdout.match(/^[ *] t\d+ .*█/gm)).toHaveLength(300)
  })

  it.skipIf(!hasTerminal)('is cut short at a terminal, but not with --all', async () => {
    const directory = freshFolder({ 'tasks.json': JSON.stringify(many) })
    const atTerminal = async (...words: string[]): Promise<string> => {
      const line = [process.execPath, '--conditions=@orch/source', main, 'plan', 'tasks.json', ...words].join(' ')
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
      return (await promisify(execFile)('script', ['-qefc', line, '/dev/null'], { cwd: directory, env })).stdout
    }
    const cut = await atTerminal()
    expect(cut).toContain('… and 270 more, --all shows them')
    expect(cut.match(/^[ *] t\d+ .*█/gm)).toHaveLength(30)
    expect((await atTerminal('--all')).match(/^[ *] t\d+ .*█/gm)).toHaveLength(300)
  })
})

describe('orch plan with other choices', () => {
  const tasks = ['a', 'b', 'c'].map((id) => ({ id, writes: [id], minutes: 10, layer: 'ios' }))
  const makespan = async (configuration: object, ...words: string[]): Promise<number> => {
    const directory = freshFolder({
      'tasks.json': JSON.stringify(tasks),
      'orch.config.json': JSON.stringify(configuration),
    })
    const { stdout } = await orch(['plan', 'tasks.json', '--json', ...words], { directory })
    return JSON.parse(stdout).makespan
  }

  it('plans with the agents, the effort and the batches that are asked for', async () => {
    expect(await makespan({})).toBe(10)
    expect(await makespan({}, '--max-agents', '1', '--effort', '10')).toBe(30)
    expect(await makespan({}, '--max-agents', '2', '--barriers')).toBe(20)
  })

  it('plans within the limits of the configuration', async () => {
    expect(await makespan({ policy: { limits: { layers: { ios: 1 } } } })).toBe(30)
    expect(await makespan({ policy: { preset: 'pair' } })).toBe(20)
  })
})
