import { beforeAll, describe, expect, it } from 'vitest'
import { bd, lacksBd, onRealBd } from './real-bd.ts'
import { type Found, type Row, recoveryWorld } from './recovery-world.ts'

const spawned: Row['phase'] = 'spawned'
const inReview = { phase: 'pr_created', commits: true, review: 'open' } as const

/** What the records say, what the world says, and what one pass makes of it. */
const rows: readonly (Row & { readonly name: string; readonly shows: (found: Found) => void })[] = [
  {
    name: 'spawned, no workspace: it is made',
    phase: spawned,
    workspace: false,
    shows: ({ state, world, id }) => {
      expect(state.phase).toBe('spawned')
      expect(world.has(id)).toBe(true)
    },
  },
  {
    name: 'spawned, workspace, turn never: the agent is started',
    phase: spawned,
    shows: ({ issue, started }) => {
      expect(started).toBe(1)
      expect(issue.metadata).toMatchObject({ phase: 'working' })
    },
  },
  {
    name: 'spawned, turn alive: working',
    phase: spawned,
    turn: 'alive',
    shows: ({ issue, started }) => {
      expect(issue.metadata).toMatchObject({ phase: 'working' })
      expect(started).toBe(1)
    },
  },
  {
    name: 'working, turn alive: waits',
    phase: 'working',
    turn: 'alive',
    shows: ({ isUntouched }) => expect(isUntouched).toBe(true),
  },
  {
    name: 'working, turn ended, done: sealed, committed',
    phase: 'working',
    turn: 'ended well',
    shows: ({ state, issue }) => {
      expect(issue.metadata).toMatchObject({ phase: 'committed' })
      expect(state.branch?.head).toMatch(/^[0-9a-f]{40}/)
    },
  },
  {
    name: 'working, turn ended, failed: pinned, next attempt',
    phase: 'working',
    turn: 'ended badly',
    shows: ({ state, pinned }) => {
      expect(state.run).toMatchObject({ wants: 'attempt', failures: 1, stuck: null })
      expect(pinned).toBe(true)
    },
  },
  {
    name: 'the same past the attempt limit: stuck, which bd shows as blocked',
    phase: 'working',
    turn: 'ended badly',
    run: { failures: 2 },
    shows: ({ state, issue, pinned }) => {
      expect([state.run.stuck?.options, issue.status]).toEqual([['retry', 'retry --fresh', 'cancel'], 'blocked'])
      expect(pinned).toBe(true)
    },
  },
  {
    name: 'working, turn vanished: pinned, and its session goes on as the next attempt',
    phase: 'working',
    turn: 'vanished',
    shows: ({ state, pinned }) => {
      expect(state.run).toMatchObject({ wants: 'attempt', failures: 1, resume: 'its session' })
      expect(pinned).toBe(true)
    },
  },
  {
    name: 'working, unknown: nothing',
    phase: 'working',
    turn: 'unknown',
    shows: ({ isUntouched }) => expect(isUntouched).toBe(true),
  },
  {
    name: 'working, gone, nothing was done: next attempt',
    phase: 'working',
    shows: ({ state }) =>
      expect(state.run).toMatchObject({ wants: 'attempt', failure: 'its process was never started' }),
  },
  {
    name: 'working, review open, changes were requested: the same review, next turn',
    ...inReview,
    review: 'changes-requested',
    shows: ({ state }) => {
      expect(state.run).toMatchObject({ wants: 'turn', attempt: 1, repairs: 1 })
      expect(state.review?.round).toBe(1)
    },
  },
  {
    name: 'committed, no review for that head: it is opened',
    phase: 'committed',
    commits: true,
    shows: ({ issue, state }) => {
      expect(issue.metadata).toMatchObject({ phase: 'pr_created' })
      expect(state.review?.url).toMatch(/^memory:review/)
    },
  },
  {
    name: 'in review, merged by anyone, squashed: merged',
    ...inReview,
    lands: true,
    shows: ({ issue, state }) => {
      expect(issue).toMatchObject({ status: 'in_progress', metadata: { phase: 'merged' } })
      expect([state.outcome, state.review?.landed?.by]).toEqual(['done', 'other'])
    },
  },
  {
    name: 'in review, closed without merging: stuck, with that reason',
    ...inReview,
    review: 'closed',
    shows: ({ issue, state }) => {
      expect(issue.status).toBe('blocked')
      expect(state.run.stuck?.reason).toBe('its review was closed without merging')
    },
  },
  {
    name: 'in review, head moved: a new round for the new head',
    ...inReview,
    moves: true,
    shows: ({ state }) => {
      expect(state.review?.round).toBe(2)
      expect(state.review?.head).toBe(state.branch?.head)
    },
  },
  {
    name: 'merged, its bulletin is missing, the task is open, the workspace there: posted, closed, retired',
    phase: 'merged',
    commits: true,
    lands: true,
    establishes: 'routes',
    shows: ({ issue, state, world, id, news }) => {
      expect(issue).toMatchObject({ status: 'closed', metadata: { phase: 'closed', closed_as: 'done' } })
      expect(issue.assignee ?? '').toBe('')
      expect([state.run.owner, world.has(id)]).toEqual([null, false])
      expect(news.some((text) => text.includes('Pattern established: routes'))).toBe(true)
    },
  },
  {
    name: 'closed by a person, turn alive: its end is decided before anything is stopped',
    phase: 'working',
    turn: 'alive',
    person: (directory, id) => bd(directory, 'close', id, '--force', '-r', 'did it myself'),
    shows: ({ state, issue }) => expect([state.outcome, issue.close_reason]).toEqual(['done', 'did it myself']),
  },
]

describe.skipIf(lacksBd)(onRealBd('every row of the recovery table'), { timeout: 300_000 }, () => {
  let world: Awaited<ReturnType<typeof recoveryWorld>>
  beforeAll(async () => {
    world = await recoveryWorld(rows)
  }, 300_000)

  it('is left alone while another live owner has the seat', () => {
    expect(world.whileOwned).toEqual([])
  })

  it.each(rows.map(({ name, shows }, index) => ({ name, shows, index })))('$name', ({ shows, index }) => {
    shows(world.found(index))
  })

  it('working, past the idle limit or unknown past the lease: the next passes stop the one and ask about the other', async () => {
    await world.later()
    const of = (name: string): Found => world.found(rows.findIndex((row) => row.name.startsWith(name)))
    expect(of('working, turn alive').state.run.stopping).toContain('no sign')
    expect(of('working, unknown').state.run.stuck?.reason).toContain('cannot be told')
    const closed = of('closed by a person')
    expect([closed.state.phase, world.has(closed.id)]).toEqual(['closed', false])
  })
})
