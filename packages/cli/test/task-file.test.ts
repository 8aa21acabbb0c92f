import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { readTasks } from '../src/task-file.ts'
import { parseYaml } from '../src/yaml-text.ts'
import { freshFolder } from './rig.ts'

const problems = (text: string) => parseYaml('tasks.yaml', text).problems.map((problem) => problem.message)

describe('YAML', () => {
  it('says where it is wrong, and shows the line', () => {
    expect(problems('- id: a\n  writes: [x\n- id: b\n')[0]).toMatch(/^tasks\.yaml:3:1: .+\n- id: b\n\^$/)
    expect(problems('- id: a\n  id: b\n')).toEqual(['tasks.yaml:2:3: the key id is here twice\n  id: b\n  ^'])
  })

  it('refuses a second document and tags of one’s own', () => {
    expect(problems('a: 1\n---\nb: 2\n')[0]).toContain('tasks.yaml:2:1: a second document begins here')
    expect(problems('- !run x\n')[0]).toContain('tasks.yaml:1:3: Unresolved tag: !run')
  })

  it('refuses what would grow without end, and takes what people write', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(',')}]\n`
    const bomb = `a: &a [x, x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`
    expect(problems(bomb)[0]).toContain('anchors are repeated too often')
    const shared = `w: &w [src/**]\ntasks: [${Array(50).fill('{ writes: *w }').join(', ')}]\n`
    expect(problems(shared)).toEqual([])
    expect(problems('- *nowhere\n')[0]).toContain('nowhere')
  })

  it('is JSON, too, also with tabs', () => {
    expect(parseYaml('tasks.json', '[\n\t{ "id": "a" }\n]\n').value).toEqual([{ id: 'a' }])
  })
})

describe('a task file', () => {
  const read = (text: string, name = 'tasks.yaml') =>
    readTasks({ file: name, directory: freshFolder({ [name]: text }) })
  const refusal = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => {
        throw new Error('expected a refusal')
      },
      (error: unknown) => {
        if (OrchError.is(error)) return [error.message, ...error.problems.map((problem) => problem.message)].join('\n')
        return error instanceof Error ? error.message : String(error)
      },
    )

  it('holds tasks, in YAML or JSON', async () => {
    expect(await read('- id: a\n  writes: [x]\n- id: b\n  dependsOn: [a]\n')).toMatchObject([{ id: 'a' }, { id: 'b' }])
    expect(await read('[{ "id": "a" }]', 'tasks.json')).toMatchObject([{ id: 'a' }])
  })

  it('is refused when it asks for more than there is, where that is known', async () => {
    const directory = freshFolder({ 'tasks.yaml': '- id: a\n  resources: { database: 3 }\n' })
    const file = { file: 'tasks.yaml', directory }
    expect(await readTasks(file)).toHaveLength(1)
    expect(await readTasks({ ...file, policy: { resources: { database: 3 } } })).toHaveLength(1)
    expect(await refusal(readTasks({ ...file, policy: { resources: { database: 2 } } }))).toContain('there are only 2')
  })

  it('is refused when it cannot be read', async () => {
    const directory = freshFolder({ 'large.yaml': '', 'folder/x': '' })
    truncateSync(join(directory, 'large.yaml'), 6 * 1024 * 1024)
    expect(await refusal(readTasks({ file: 'none.yaml', directory }))).toBe(
      'There is no file none.yaml. The path counts from -C, or from where you are.',
    )
    expect(await refusal(readTasks({ file: 'folder', directory }))).toBe('folder is no file; write the tasks into one.')
    expect(await refusal(readTasks({ file: 'large.yaml', directory }))).toContain('large.yaml has 6.0 MB')
  })

  it('is refused with all that is wrong with its tasks', async () => {
    const text = await refusal(read('- id: a\n  wirtes: [x]\n- id: b\n  priority: high\n'))
    expect(text).toContain('wirtes')
    expect(text).toContain('writes')
    expect(text).toContain('priority')
    await refusal(read('- id: a\n  __proto__: { title: x }\n'))
    await refusal(read(''))
  })
})
