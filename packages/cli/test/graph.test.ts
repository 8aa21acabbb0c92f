import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prepared, tasks } from './prepared.ts'
import { freshFolder, orch } from './rig.ts'

describe('orch graph', () => {
  it('draws the tasks of a file in each format, and writes what the name of a file says', async () => {
    const directory = freshFolder({ 'tasks.yaml': tasks })
    const call = (...words: string[]) => orch(['graph', 'tasks.yaml', ...words], { directory })
    const begins = {
      text: '2 tasks, ',
      json: '{',
      mermaid: 'flowchart LR\n',
      dot: 'digraph plan {\n',
      svg: '<svg ',
      html: '<!doctype html>',
    }
    const printed = await Promise.all(Object.keys(begins).map((format) => call('--format', format)))
    for (const [index, begin] of Object.values(begins).entries()) {
      expect(printed[index]).toMatchObject({ exit: 0, stderr: '' })
      expect(printed[index]?.stdout.slice(0, begin.length)).toBe(begin)
    }
    expect((await call()).stdout).toBe(printed[0]?.stdout)
    expect(JSON.parse((await call('--json')).stdout)).toEqual(JSON.parse(printed[1]?.stdout ?? ''))

    expect(await call('--output', 'plan.svg')).toMatchObject({ exit: 0, stdout: 'Wrote plan.svg with 2 tasks\n' })
    expect(readFileSync(join(directory, 'plan.svg'), 'utf8')).toBe(printed[4]?.stdout)
    const told = await call('--output', 'plan.svg', '--format', 'dot', '--json')
    expect(JSON.parse(told.stdout)).toEqual({ written: 'plan.svg', format: 'dot', tasks: 2 })
    expect(readFileSync(join(directory, 'plan.svg'), 'utf8')).toBe(printed[3]?.stdout)
  })

  it('never writes over the tasks', async () => {
    const directory = freshFolder({ 'tasks.yaml': tasks })
    symlinkSync('tasks.yaml', join(directory, 'plan.svg'))
    for (const output of ['./tasks.yaml', 'plan.svg']) {
      const refused = await orch(['graph', 'tasks.yaml', '--format', 'svg', '--output', output], { directory })
      expect(refused).toMatchObject({ exit: 2, stdout: '' })
      expect(refused.stderr).toContain(`${output} holds the tasks that are drawn; choose another file.`)
    }
    expect(readFileSync(join(directory, 'tasks.yaml'), 'utf8')).toBe(tasks)
  })

  it('draws the tasks of the queue, with what only their source knows', async () => {
    const { call } = await prepared({})
    const { stdout } = await call('graph', '--json')
    expect(JSON.parse(stdout).nodes).toMatchObject([
      { v: 't0', value: { id: 'one', kind: 'change' } },
      { v: 't1', value: { id: 'two', why: 'two waits for one: depends on it' } },
    ])
  })
})
