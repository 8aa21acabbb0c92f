import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const tasks = [
  { id: 'ci', title: 'Speed up CI', writes: ['.github/**'] },
  { id: 'a', title: 'A', writes: ['a.txt'] },
]

/** Each changes the one file that it names. */
function guarded() {
  return rig(tasks, {
    script: (vcs) => (start) => {
      const path = start.environment.ORCH_TASK === 'ci' ? '.github/workflows/test.yml' : 'a.txt'
      vcs.edit(start.directory, { [path]: 'changed\n' })
      return { exit: 0 }
    },
  })
}

describe('a change of protected files', () => {
  it('waits for a person, though green changes land by themselves', async () => {
    const { orch, vcs, statuses } = guarded()
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('waits')
    expect(await statuses()).toEqual(['ci complete', 'a merged'])
    expect(rows[0]).toMatchObject({
      waitsFor: 'approval',
      waits: expect.stringContaining('.github/workflows/test.yml'),
    })
    expect(vcs.userFiles()).not.toHaveProperty('.github/workflows/test.yml')
    await orch.land('ci')
    expect(vcs.userFiles()).toHaveProperty('.github/workflows/test.yml')
  })

  it('says in its checklist what is missing, and then that a person has seen it', async () => {
    const { orch } = guarded()
    await orch.run()
    const said = async (item: string) => (await orch.show('ci')).checklist.find((answer) => answer.item === item)
    expect(await said('protected-paths')).toEqual({
      item: 'protected-paths',
      is: 'no',
      why: 'a person has to see .github/workflows/test.yml: orch land',
    })
    expect(await said('reviewed')).toMatchObject({ is: 'not-yet' })
    await orch.land('ci')
    expect(await said('protected-paths')).toMatchObject({ is: 'yes' })
    expect(await said('reviewed')).toMatchObject({ is: 'yes', why: 'by a person' })
  })
})
