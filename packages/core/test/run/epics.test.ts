import { type NewTask, OrchError, taskOf, withRuns } from '@orch/core'
import { memoryQueue } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { type Rig, rig, writesItsFile } from './run-rig.ts'

const epics = { login: { target: 'feature/login' } }
const policy = { epics, landing: { by: 'orchestrator' } } as const
const login = [
  { id: 'form', epic: 'login', writes: ['form.txt'] },
  { id: 'api', epic: 'login', writes: ['api.txt'] },
]

const headOf = ({ vcs }: Rig, branch: string): string => vcs.branches().get(branch) ?? ''
const filesOn = (world: Rig, branch: string): readonly string[] =>
  Object.keys(world.vcs.read(headOf(world, branch))).sort()
const landings = ({ events }: Rig): readonly string[] => events.filter((event) => event.startsWith('task-landed'))

describe('the tasks of an epic with a branch of its own', () => {
  it('land on that, and the target moves once, when all of them have', async () => {
    const world = rig(login, { policy })
    const mains: (string | undefined)[] = []
    world.orch.on('task-landed', ({ task }) => mains.push(`${task}: ${filesOn(world, 'main')}`))
    const before = headOf(world, 'main')
    expect((await world.orch.run()).outcome).toBe('done')
    expect(mains.slice(0, 2).sort()).toEqual(['api: README.md', 'form: README.md'])
    expect(mains.slice(2)).toEqual(['login: README.md,api.txt,form.txt'])
    const main = headOf(world, 'main')
    expect(world.vcs.ancestors(main).has(headOf(world, 'feature/login'))).toBe(true)
    expect(world.vcs.ancestors(main).has(before)).toBe(true)
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'login merged'])
  })

  it('are shown to reviewers one by one, as changes of the branch that they land on', async () => {
    const tasks = [login[0] ?? { id: 'form' }, { id: 'api', epic: 'login', dependsOn: ['form'] }]
    const world = rig(tasks, {
      policy: { epics, landing: { by: 'orchestrator', review: 'agent' } },
      script: (vcs) => (start, agent) => {
        if (start.environment.ORCH_REVIEW === undefined) return writesItsFile(vcs)(start, agent)
        return { report: { tell: 'verdict', verdict: 'approve', summary: 'As asked', findings: [] } }
      },
    })
    await world.orch.run()
    const reviews = world.runner.starts.filter(({ key }) => key.startsWith('review-'))
    const shown = reviews.map(({ prompt }) => prompt.match(/^# Review of .*|^\| .* added, \d+ removed.*/gm))
    expect(shown).toEqual([
      ['# Review of a change for `feature/login`', '| form.txt (1 added, 0 removed)'],
      ['# Review of a change for `feature/login`', '| api.txt (1 added, 0 removed)'],
      ['# Review of a change for `main`', '| api.txt (1 added, 0 removed)', '| form.txt (1 added, 0 removed)'],
    ])
  })

  it('are told of as any change when they have landed', async () => {
    const world = rig(login, { policy })
    await world.orch.run()
    const { kind, checklist } = await world.orch.show('login')
    expect([kind, checklist.map(({ item, is }) => `${item} ${is}`)]).toEqual([
      'change',
      expect.arrayContaining(['latest-base yes', 'no-conflict yes', 'protected-paths yes']),
    ])
  })

  it('wait for a person one by one, and so does the whole, where a person lets changes land', async () => {
    const world = rig(login, { policy: { epics, landing: { by: 'human' } } })
    await world.orch.run()
    expect(await world.statuses()).toEqual(['form complete', 'api complete', 'login waiting'])
    await world.orch.land('form')
    await world.orch.land('api')
    await world.orch.run()
    expect(filesOn(world, 'main')).toEqual(['README.md'])
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'login complete'])
    await world.orch.land('login')
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt'])
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'login merged'])
  })

  it('go on with a branch that is there, and what is on it lands with them', async () => {
    const world = rig(login, { policy })
    const own = world.vcs.userCommit({ 'user.txt': 'mine\n' })
    await world.vcs.createTarget({ branch: 'feature/login', from: own, signal: new AbortController().signal })
    world.vcs.userReset(world.vcs.userCommit({ 'user.txt': null }))
    await world.orch.run()
    expect(world.vcs.ancestors(headOf(world, 'feature/login')).has(own)).toBe(true)
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'login merged'])
  })

  it('get a task for the landing once more when a person deletes it at once', async () => {
    const world = rig(login, { policy })
    let times = 0
    const queue: typeof world.queue = {
      ...world.queue,
      async add(options) {
        const added = await world.queue.add(options)
        if (times++ === 0) world.queue.remove('login')
        return added
      },
    }
    expect((await world.orchestrator({ queue }).run()).outcome).toBe('done')
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt'])
  })

  it('are left as they are when a person deletes the task for the landing, whoever had made that', async () => {
    const world = rig([{ id: 'form', epic: 'login', writes: ['form.txt'], hold: true }], { policy })
    let others = 0
    const queue: typeof world.queue = {
      ...world.queue,
      async write(options) {
        // Another orchestrator, right after this one has looked.
        if (options.id === 'login' && others++ === 0)
          await world.queue.add({
            key: 'theirs',
            tasks: [{ id: 'login', title: 'Land feature/login', kind: 'manual', epic: 'login' }],
            signal: new AbortController().signal,
          })
        return world.queue.write(options)
      },
    }
    const orch = world.orchestrator({ queue })
    orch.on('task-landed', () => world.queue.remove('login'))
    await orch.release('form')
    expect((await orch.run()).outcome).toBe('done')
    expect(await world.statuses()).toEqual(['form merged'])
    expect(filesOn(world, 'feature/login')).toEqual(['README.md', 'form.txt'])
    expect(filesOn(world, 'main')).toEqual(['README.md'])
  })

  it('are not lost with a branch that somebody moves back: the whole waits for a person', async () => {
    const world = rig([...login, { id: 'docs', epic: 'login', hold: true, writes: ['docs.txt'] }], { policy })
    const first = headOf(world, 'main')
    await world.orch.run()
    const there = headOf(world, 'feature/login')
    world.vcs.userReset(first, 'feature/login')
    await world.orch.release('docs')
    expect((await world.orch.run()).outcome).toBe('failures')
    const { stuckReason } = await world.orch.show('login')
    expect(stuckReason).toMatch(/feature\/login does not hold what (form, api|api, form) landed on it/)
    expect(filesOn(world, 'main')).toEqual(['README.md'])
    // As a person who puts it right: what was there, and what came since.
    world.vcs.userReset(there, 'feature/login')
    await world.orch.retry('docs')
    await world.orch.retry('login', { fresh: true })
    await world.orch.run()
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'docs.txt', 'form.txt'])
  })

  it('do not land while one of them is not over', async () => {
    const world = rig([...login, { id: 'docs', epic: 'login', hold: true, writes: ['docs.txt'] }], { policy })
    await world.orch.run()
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'docs waiting', 'login waiting'])
    expect(filesOn(world, 'main')).toEqual(['README.md'])
    await world.orch.cancel('docs')
    await world.orch.run()
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt'])
  })

  it('are not stacked on a change that lands elsewhere, nor that on them', async () => {
    const world = rig([{ id: 'other', writes: ['other.txt', 'form.txt'], priority: 0 }, ...login], {
      policy: { epics, onOverlap: 'stack', landing: { by: 'human' } },
    })
    await world.orch.run()
    expect(await world.statuses()).toEqual(['other complete', 'form waiting', 'api complete', 'login waiting'])
  })

  it('land as they are when the branch is not named any more while they are under way', async () => {
    const world = rig(login, { policy: { epics, landing: { by: 'human' } } })
    await world.orch.run()
    const later = world.orchestrator({ policy: { landing: { by: 'orchestrator' } } })
    await later.run()
    expect(filesOn(world, 'feature/login')).toEqual(['README.md', 'api.txt', 'form.txt'])
    expect(filesOn(world, 'main')).toEqual(['README.md'])
  })
})

it('nothing is started on a queue with one seat that is paused while it is read', async () => {
  const world = rig(login, { policy })
  const { signal } = new AbortController()
  const tasks = (await world.queue.list({ signal })).tasks
  const queue = memoryQueue({ tasks, schedulers: 'one' })
  const read: typeof queue.read = async (options) => {
    const seen = await queue.read(options)
    await queue.pause({ paused: true, signal })
    return seen
  }
  const orch = world.orchestrator({ queue: { ...queue, read } })
  const { actions } = await orch.pass()
  expect(actions).toEqual([])
})

describe('who depends on others across the border of an epic', () => {
  it('waits for the whole epic from outside', async () => {
    const world = rig([{ id: 'after', dependsOn: ['form'], writes: ['after.txt'] }, ...login], { policy })
    await world.orch.run()
    expect(landings(world).slice(-2)).toEqual(['task-landed login', 'task-landed after'])
  })

  it('is waited for by all of its tasks, and the branch begins with what it did', async () => {
    const world = rig(
      [
        { id: 'before', writes: ['before.txt'] },
        ...login,
        { id: 'late', epic: 'login', dependsOn: ['before'], writes: ['late.txt'] },
      ],
      { policy },
    )
    await world.orch.run()
    expect(landings(world)[0]).toBe('task-landed before')
    expect(filesOn(world, 'feature/login')).toEqual(['README.md', 'api.txt', 'before.txt', 'form.txt', 'late.txt'])
    expect(landings(world).at(-1)).toBe('task-landed login')
  })
})

describe('tasks that are added', () => {
  const problemsOf = async (
    tasks: readonly NewTask[],
    before: readonly NewTask[] = login,
  ): Promise<readonly string[]> => {
    const { orch } = rig(before, { policy })
    const refused: unknown = await orch.add(tasks).catch((error: unknown) => error)
    return OrchError.is(refused) ? (refused.problems ?? []).map(({ message }) => message) : []
  }

  it('are refused when nobody could start, as who waits for one of an epic waits for the whole', async () => {
    const around = [
      { id: 'out', dependsOn: ['form'] },
      { id: 'late', epic: 'login', dependsOn: ['out'] },
    ]
    const [first] = await problemsOf(around)
    expect(first).toMatch(/^these tasks wait for each other, so none can start: /)
    expect(first).toContain('(login lands as one: who waits for one of its tasks waits for all of them)')
    expect(await problemsOf(around.slice(0, 1))).toEqual([])
  })

  it('are refused when they have the name of an epic and work of their own', async () => {
    expect(await problemsOf([{ id: 'login', writes: ['x'] }], [])).toEqual([
      'login is the name of an epic in policy.epics, which has a task of its own; give this one another id',
    ])
  })

  it('may wait for what an epic has landed, and be waited for by what comes to it later', async () => {
    const world = rig(login, { policy })
    await world.orch.run()
    await world.orch.add([
      { id: 'out', dependsOn: ['form'], writes: ['out.txt'] },
      { id: 'late', epic: 'login', dependsOn: ['out'], writes: ['late.txt'] },
    ])
    expect((await world.orch.run()).outcome).toBe('done')
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt', 'late.txt', 'out.txt'])
  })
})

describe('an epic that is to land', () => {
  it('goes to an agent when it conflicts with the target, and lands what that made of it', async () => {
    const prompts: string[] = []
    const world: Rig = rig(login, {
      policy,
      script:
        (vcs) =>
        ({ directory, environment, prompt }) => {
          const id = environment.ORCH_TASK ?? ''
          if (id === 'login') {
            prompts.push(prompt)
            vcs.mergeTarget(directory)
          } else vcs.edit(directory, { [`${id}.txt`]: `by ${id}\n` })
          return { exit: 0 }
        },
    })
    world.orch.on('task-landed', ({ task }) => task === 'form' && world.vcs.userCommit({ 'form.txt': 'by the user\n' }))
    expect((await world.orch.run()).outcome).toBe('done')
    expect(prompts).toEqual([expect.stringContaining('run `git merge main`')])
    expect(world.vcs.read(headOf(world, 'main'))['form.txt']).toBe('by the user\nby form\n')
    expect(world.vcs.read(headOf(world, 'feature/login'))['form.txt']).toBe('by form\n')
  })

  it('is what the checks ran on: red ones send it to an agent, and the target stays', async () => {
    const world: Rig = rig(login, {
      policy: { epics, landing: { by: 'orchestrator', checks: ['test'], maxRepairs: 0 } },
      script:
        (vcs) =>
        ({ directory, environment }) => {
          const files = vcs.read(directory)
          if (environment.ORCH_ATTEMPT === undefined)
            return { exit: 'user.txt' in files && 'form.txt' in files ? 1 : 0 }
          vcs.edit(directory, { [`${environment.ORCH_TASK}.txt`]: 'done\n' })
          return { exit: 0 }
        },
    })
    world.orch.on('task-landed', ({ task }) => task === 'form' && world.vcs.userCommit({ 'user.txt': 'mine\n' }))
    await world.orch.run()
    expect(await world.statuses()).toEqual(['form merged', 'api merged', 'login stuck'])
    expect(filesOn(world, 'main')).toEqual(['README.md', 'user.txt'])
  })

  it('is stuck when its branch is gone, and goes on when that is there again', async () => {
    const world = rig(login, { policy: { epics, landing: { by: 'human' } } })
    await world.orch.run()
    const before = headOf(world, 'feature/login')
    world.vcs.userReset(null, 'feature/login')
    await world.orch.land('form')
    await world.orch.run()
    expect(await world.statuses()).toEqual(['form complete', 'api complete', 'login stuck'])
    world.vcs.userReset(before, 'feature/login')
    await world.orch.run()
    expect(await world.statuses()).toEqual(['form merged', 'api complete', 'login waiting'])
  })

  it('keeps who comes to it meanwhile waiting, and they land on the target itself', async () => {
    const world = rig(login, { policy: { epics, landing: { by: 'human' } } })
    await world.orch.run()
    await world.orch.land('form')
    await world.orch.land('api')
    await world.orch.run()
    await world.orch.add([{ id: 'more', epic: 'login', writes: ['more.txt'] }])
    await world.orch.run()
    expect((await world.statuses()).filter((row) => row.startsWith('more') || row.startsWith('login'))).toEqual([
      'login complete',
      'more waiting',
    ])
    await world.orch.land('login')
    await world.orch.run()
    await world.orch.land('more')
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt', 'more.txt'])
  })

  it('needs no task of its own where records are kept apart from the tasks, and nothing is wrong with that', async () => {
    const world = rig(login, { policy: { epics, landing: { by: 'human' } } })
    const tasks = login.map((task) => taskOf(task))
    const records = memoryQueue({ tasks: [...tasks, { id: 'login' }] })
    const queue = withRuns({ name: 'tracker', list: async () => ({ tasks, complete: true }) }, records)
    const orch = world.orchestrator({ queue })
    await orch.run()
    await orch.land('form')
    await orch.land('api')
    await orch.run()
    expect((await orch.status()).tasks.map(({ id, status }) => `${id} ${status}`)).toContain('login complete')
    expect((await orch.doctor()).findings).toEqual([])
    await orch.land('login')
    expect(filesOn(world, 'main')).toEqual(['README.md', 'api.txt', 'form.txt'])
  })

  it('is refused when a task that has work of its own has the same name', async () => {
    const world = rig([{ id: 'login', writes: ['x'] }, ...login], { policy })
    await expect(world.orch.run()).rejects.toMatchObject({ code: 'invalid-configuration' })
  })
})
