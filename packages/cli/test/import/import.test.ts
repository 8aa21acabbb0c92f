import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bd, freshDatabase, lacksBd, onRealBd, program } from '../../../adapter-beads/test/real-bd.ts'
import { testAgent } from '../agent.ts'
import { freshFolder, freshRepository, orch } from '../rig.ts'

const epic = `# Epic: Feeding log

## Goal

Nobody feeds the cat twice.

| # | Task | Description | Dependencies | Status |
|---|------|-------------|--------------|--------|
| 001 | Add table | One row a meal | None | done |
| 002 | Add screen | | 001 | |
| 003 | Add tests | | 002, later | |
`
const files = {
  '.plan/007_feeding_log/EPIC.md': epic,
  '.plan/007_feeding_log/002_add_screen.md': 'Use the big font.\n',
  '.plan/notes.md': '# Notes\n',
}
const ids = ['007-feeding-log.002', '007-feeding-log.003']

describe('orch import', () => {
  it('shows what it would do, does it with --yes, and changes nothing the second time', async () => {
    const root = freshRepository(files)
    const call = (...words: string[]) => orch(words, { directory: root })
    const shown = await call('import', '.plan')
    expect(shown).toMatchObject({ exit: 0, stderr: '' })
    expect(shown.stdout.trimEnd().split('\n')).toEqual([
      '007-feeding-log  Feeding log  (.plan/007_feeding_log/EPIC.md)',
      '  + 007-feeding-log.002  Add screen',
      '  + 007-feeding-log.003  Add tests  after 007-feeding-log.002',
      '  over, so skipped: 007-feeding-log.001',
      '',
      'Not understood:',
      '  .plan/007_feeding_log/EPIC.md:11  `002, later` of task 003: `later` names no task',
      '  .plan/notes.md:1  it has no heading with a table of tasks (#, Task) below: no epic',
      '',
      'Nothing was done yet. orch import --yes .plan adds 2 tasks.',
    ])
    expect(JSON.parse((await call('status', '--json')).stdout).tasks).toEqual([])

    expect(await call('import', '--yes', '.plan')).toMatchObject({ exit: 0 })
    const stored = async () => (await call('plan', '--json')).stdout
    const before = await stored()
    const screen = JSON.parse((await call('show', '--json', '007-feeding-log.002')).stdout)
    expect(screen).toMatchObject({ epic: '007-feeding-log', body: 'Use the big font.' })
    writeFileSync(join(root, '.plan/007_feeding_log/EPIC.md'), epic.replace('Add screen', 'Add another screen'))
    const again = await call('import', '--yes', '.plan')
    expect(again.stdout).toContain(`there already: ${ids.join(', ')}`)
    expect(again.stdout).toContain('There is nothing new.')
    expect(await stored()).toBe(before)
  })

  it('closes what the source says is over, once, and leaves alone what is under way', async () => {
    const plan = (...rows: readonly string[]) =>
      `# Epic: Log\n\n| # | Task | Dependencies | Status |\n|---|---|---|---|\n${rows.join('\n')}\n`
    const root = freshRepository({
      'plan/log.md': plan('| 3 | Ask first | | |'),
      'orch.config.json': JSON.stringify({ agent: { command: testAgent().command } }),
    })
    const call = (...words: string[]) => orch(words, { directory: root })
    const write = (...states: readonly string[]) => {
      const [one, two, three, four, five] = states
      const rows = [`| 1 | A | | ${one} |`, `| 2 | B | | ${two} |`, `| 3 | Ask first | | ${three} |`]
      writeFileSync(join(root, 'plan/log.md'), plan(...rows, `| 4 | D | 5 | ${four} |`, `| 5 | E | | ${five} |`))
    }
    await call('import', '--yes', 'plan')
    await call('run')
    write('', '', '', '', '')
    expect((await call('import', '--yes', 'plan')).stdout).toContain('Done: added 4 tasks.')
    write('done', 'cancelled', 'done', 'done', '')
    const lines = ['  over, so closed: log.1, log.2', '  over, but under way here, so left alone: log.3']
    const shown = (await call('import', 'plan')).stdout.split('\n')
    expect(shown.slice(2, 5)).toEqual([...lines, '  over, but left open: log.4 waits for log.5'])
    expect(shown.at(-2)).toBe('Nothing was done yet. orch import --yes plan closes 2.')
    const statuses = async () => {
      const { tasks } = JSON.parse((await call('status', '--json')).stdout)
      return tasks.map((row: { id: string; status: string }) => `${row.id} ${row.status}`).sort()
    }
    const open = ['log.3 stuck', 'log.4 waiting', 'log.5 waiting']
    expect(await statuses()).toEqual(['log.1 waiting', 'log.2 waiting', ...open])

    expect((await call('import', '--yes', 'plan')).stdout).toContain('Done: closed 2.')
    expect(await statuses()).toEqual(['log.1 merged', 'log.2 cancelled', ...open])
    const again = (await call('import', '--yes', 'plan')).stdout
    expect([again.includes('over, so skipped: log.1, log.2'), again.includes('There is nothing new.')]).toEqual([
      true,
      true,
    ])
    // What waited for it goes with it.
    write('done', 'cancelled', 'done', 'done', 'done')
    expect((await call('import', '--yes', 'plan')).stdout).toContain('over, so closed: log.5, log.4')
  })

  it('says what is wrong with the folder', async () => {
    const root = freshRepository({ 'empty/.keep': '' })
    expect(await orch(['import', 'nowhere'], { directory: root })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('There is no folder nowhere.'),
    })
    expect((await orch(['import', 'empty'], { directory: root })).stdout).toBe('No epic was found.\n')
  })

  it.skipIf(lacksBd)(onRealBd('makes an epic with children in Beads'), { timeout: 240_000 }, async () => {
    const root = freshDatabase()
    const plan = freshFolder(files)
    writeFileSync(join(root, 'orch.config.json'), JSON.stringify({ queue: { use: '@orch/adapter-beads', program } }))
    const call = () => orch(['import', '--yes', join(plan, '.plan')], { directory: root })
    expect(await call()).toMatchObject({ exit: 0 })
    bd(root, 'update', '007-feeding-log.002', '-s', 'in_progress', '-a', 'bob')
    expect((await call()).stdout).toContain('There is nothing new.')
    const issues = JSON.parse(bd(root, 'list', '--all', '-n', '0', '--json')).data
    const of = (id: string) => issues.find((issue: { id: string }) => issue.id === id)
    expect(of('007-feeding-log')).toMatchObject({
      title: 'Feeding log',
      issue_type: 'epic',
      description: 'Nobody feeds the cat twice.',
    })
    expect(of('007-feeding-log.002')).toMatchObject({
      parent: '007-feeding-log',
      status: 'in_progress',
      assignee: 'bob',
    })
    expect(JSON.parse(bd(root, 'blocked', '--json')).data.map((issue: { id: string }) => issue.id)).toEqual([
      '007-feeding-log.003',
    ])
    writeFileSync(join(plan, '.plan/007_feeding_log/EPIC.md'), epic.replaceAll(/\| \|$/gm, '| done |'))
    expect((await call()).stdout).toContain('Done: closed 2.')
    const closed = JSON.parse(bd(root, 'list', '--all', '--status', 'closed', '--json')).data
    expect(closed.map(({ id }: { id: string }) => id).sort()).toEqual(ids)
    expect(closed[0].metadata).toMatchObject({ closed_as: 'done', closed_note: expect.stringContaining('EPIC.md') })
  })
})
