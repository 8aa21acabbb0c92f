import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { orch } from '../rig.ts'
import { place, writeFiles } from './bad-input.ts'
import { badTaskFiles } from './bad-task-files.ts'
import { badTexts } from './bad-texts.ts'
import { expectRefusal, expectRefusalAsJson, snapshot } from './refusal.ts'
import { unreadableFiles } from './unreadable-files.ts'

const files = [...badTaskFiles, ...badTexts, ...unreadableFiles]
const here = place()
afterAll(() => here[Symbol.dispose]())
const folderOf = (name: string): string => join(here.repository, 'inputs', name.replaceAll(/\W/g, '-'))
for (const bad of files) writeFiles(folderOf(bad.input), { 'some-file': '', ...bad.files })
const before = snapshot(here.folder)

describe('a task file', () => {
  it.concurrent.each(files)('with $input is refused by orch plan and orch add', async (bad) => {
    const where = { directory: folderOf(bad.input), from: here.folder }
    const add = bad.calls.map(([, ...rest]) => ['add', ...rest])
    await Promise.all(bad.calls.map((words) => expectRefusal(bad, words, where)))
    await Promise.all(add.map((words) => expectRefusalAsJson(bad, words, where)))
  })

  it('that was refused has changed nothing and has added nothing', async () => {
    expect(snapshot(here.folder)).toEqual(before)
    const status = await orch(['status', '--json'], { directory: here.repository })
    expect(JSON.parse(status.stdout)).toMatchObject({ tasks: [] })
  })

  it('that is a pipe is not waited for', async () => {
    using other = place()
    execFileSync('mkfifo', [join(other.folder, 'pipe')])
    const refused = await orch(['plan', 'pipe'], { directory: other.folder })
    expect(refused).toMatchObject({ exit: 2, stderr: 'orch: pipe is no file; write the tasks into one.\n' })
  })

  it('that may not be read is named', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file')
    using other = place()
    chmodSync(join(other.folder, 'tasks.yaml'), 0)
    const refused = await orch(['plan', 'tasks.yaml'], { directory: other.folder })
    expect(refused).toMatchObject({ exit: 2, stderr: 'orch: tasks.yaml may not be read; change its permissions.\n' })
  })

  it('with one task that is there already and says something else adds none of the others', async () => {
    using other = place()
    const call = (...words: string[]) => orch(words, { directory: other.folder })
    expect(await call('add', '-C', 'repository', '../tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
    writeFiles(other.folder, { 'tasks.yaml': '- { id: new }\n- { id: a, title: Another }\n' })
    expect(await call('add', '-C', 'repository', '../tasks.yaml')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'orch: a task is there already and different; nothing was added\n' +
        '  task a exists already with another writes, title; cancel it and add it under another id\n',
    })
    const status = await call('status', '-C', 'repository', '--json')
    expect(JSON.parse(status.stdout).tasks).toMatchObject([{ id: 'a' }])
  })
})
