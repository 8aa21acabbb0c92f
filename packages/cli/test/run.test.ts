import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testAgent } from './agent.ts'
import { prepared } from './prepared.ts'
import { git } from './rig.ts'

describe('orch run', () => {
  it('does the tasks and lands them', async () => {
    const { root, call } = await prepared({ agent: testAgent().command })
    const ended = await call('run')
    expect(ended.stderr).toMatch(/\[\d+s\] one: agent started\n/)
    expect(ended.stderr).toMatch(/\[\d+s\] two: landed as [0-9a-f]{10}\n/)
    expect(ended.stdout).toContain('Done (2)')
    expect(ended.stdout).toContain('Done: 2 tasks finished.')
    expect(ended.exit).toBe(0)
    expect(readFileSync(join(root, 'two.txt'), 'utf8')).toBe('by two\n')
    expect(git(root, 'status', '--porcelain')).toBe('')
  })

  it('waits for a person where the person lands', async () => {
    const { root, call } = await prepared({ agent: testAgent().command, by: 'human' })
    const ended = await call('run', '--json')
    expect(ended.exit).toBe(3)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: 'waits',
      tasks: [{ id: 'one', status: 'complete' }, { id: 'two' }],
    })
    const landed = await call('land', 'one')
    expect(landed).toMatchObject({ exit: 0, stderr: '' })
    expect(existsSync(join(root, 'one.txt'))).toBe(true)
    expect(await call('land', 'one')).toMatchObject({ exit: 2 })
  })

  it('asks, and goes on with the answer', async () => {
    const asking = '- { id: paint, title: Ask first, writes: [paint.txt] }\n'
    const { root, call } = await prepared({ agent: testAgent().command, tasks: asking })
    const stuck = await call('run')
    expect(stuck.exit).toBe(1)
    expect(stuck.stdout).toContain('which colour: red | blue')
    expect(stuck.stdout).toContain('  orch guide paint "…"')
    expect((await call('show', 'paint')).stdout).toContain('both exist')
    expect(await call('guide', 'paint', 'use', 'the', 'blue', 'one')).toMatchObject({ exit: 0, stderr: '' })
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(existsSync(join(root, 'paint.txt'))).toBe(true)
  })

  it('lets agents find orch also where the runner is named in the configuration', async () => {
    const { root, call } = await prepared({ agent: testAgent().command })
    const file = join(root, 'orch.config.json')
    const configuration = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...configuration, runner: { use: '@orch/adapter-local' } }))
    expect(await call('run')).toMatchObject({ exit: 0 })
  })
})
