import {
  command,
  createOrchestrator,
  type Oid,
  type Phase,
  type RunFacts,
  type RunState,
  turnKey,
  untouched,
} from '@orch/core'
import { handClock, type MemoryVcs, memoryBoard, memoryReviewHost, memoryRunner, memoryVcs } from '@orch/core/testing'
import { beadsQueue } from '../src/index.ts'
import { bd, freshDatabase, program } from './real-bd.ts'

/** A record as a killed orchestrator has left it, and what became of the world since. Its agent had written a file. */
export interface Row {
  readonly phase: Phase
  readonly run?: Partial<RunFacts>
  /** Default true. */
  readonly workspace?: false
  /** What became of its turn. Default: it never was. */
  readonly turn?: 'alive' | 'ended well' | 'ended badly' | 'vanished' | 'unknown'
  /** Its branch holds its change, which the record says is sealed. */
  readonly commits?: true
  readonly review?: 'open' | 'changes-requested' | 'closed'
  /** Somebody has landed its change as a commit of their own. */
  readonly lands?: true
  /** Its branch has another commit than the one that was reviewed. */
  readonly moves?: true
  readonly establishes?: string
  readonly person?: (directory: string, id: string) => void
}

export interface Issue {
  readonly id: string
  readonly status: string
  readonly assignee?: string
  readonly close_reason?: string
  readonly metadata: { readonly orch: RunState & { readonly version: string } }
}

export interface Found {
  readonly id: string
  readonly issue: Issue
  readonly state: RunState
  readonly isUntouched: boolean
  /** What was there is under a pin. */
  readonly pinned: boolean
  /** How often its agent was started, by whomever. */
  readonly started: number
  readonly news: readonly string[]
  readonly world: RecoveryWorld
}

export interface RecoveryWorld {
  readonly vcs: MemoryVcs
  /** Issues that a pass has changed while the one before was alive. */
  readonly whileOwned: readonly string[]
  /** Whether the workspace is there. */
  has(id: string): boolean
  found(row: number): Found
  /** Some passes later, when every limit and lease is over. */
  later(): Promise<void>
}

const { signal } = new AbortController()
const limitMs = 60_000
const name = 'orch-killed'
const idOf = (row: number): string => `row-${row + 1}`

/** The worlds of all rows in one Beads database and one repository, and what a single pass made of them. */
export async function recoveryWorld(rows: readonly Row[]): Promise<RecoveryWorld> {
  const directory = freshDatabase()
  const open = () => beadsQueue({ directory, program: program ?? 'bd' })
  const [vcs, review, board, clock] = [memoryVcs(), memoryReviewHost(), memoryBoard(), handClock()]
  const runner = memoryRunner()
  const base = (await vcs.observe({ landed: [], signal })).target

  const killed = open()
  const tasks = rows.map(({ establishes }, row) => ({
    id: idOf(row),
    writes: [`${idOf(row)}.txt`],
    ...(establishes !== undefined && { establishes }),
  }))
  await killed.add({ key: 'rows', tasks, signal })
  await killed.beat({ owner: name, leaseMs: limitMs, signal })
  for (const [index, row] of rows.entries()) {
    const next = await recorded(idOf(index), row, { vcs, review, base })
    const written = await killed.write({ id: idOf(index), expect: null, next, signal })
    if (!written.ok) throw new Error(`${idOf(index)} cannot be written: ${written.reason}`)
    if (row.turn !== undefined) await begin(idOf(index), row.turn, runner, vcs)
    row.person?.(directory, idOf(index))
  }

  const issues = (): ReadonlyMap<string, Issue> => {
    const list: readonly Issue[] = JSON.parse(bd(directory, 'list', '--all', '-n', '0', '--json')).data
    return new Map(list.map((issue) => [issue.id, issue]))
  }
  const before = issues()
  const changed = (): readonly string[] => {
    const now = issues()
    return [...before.keys()].filter(
      (id) => id.startsWith('row-') && JSON.stringify(now.get(id)) !== JSON.stringify(before.get(id)),
    )
  }
  const pass = async (queue: ReturnType<typeof open>, owner: string) => {
    const policy = { maxAgents: rows.length, maxAttempts: 3, backoffMs: 3_600_000, idleMs: limitMs, leaseMs: limitMs }
    const agent = command({ argv: ['agent'] })
    const orch = createOrchestrator({ queue, vcs, runner, review, board, clock, agent, policy, owner })
    await orch.pass()
    return orch
  }
  await using another = open()
  await pass(another, 'orch-other')
  const whileOwned = changed()

  await killed[Symbol.asyncDispose]()
  const mine = open()
  const orch = await pass(mine, name)
  let after = issues()
  const news = async (): Promise<readonly string[]> => (await board.read({ signal })).map(({ text }) => text)
  let told = await news()
  const world: RecoveryWorld = {
    vcs,
    whileOwned,
    has: (id) => [...vcs.folders().keys()].some((folder) => folder.endsWith(`/${id}`)),
    found(row) {
      const id = idOf(row)
      const issue = after.get(id)
      if (issue === undefined) throw new Error(`${id} is gone`)
      const { orch: state } = issue.metadata
      return {
        id,
        issue,
        state,
        isUntouched: state.version === before.get(id)?.metadata.orch.version,
        pinned: [...vcs.pins().values()].some((oid) => `${id}.txt` in vcs.read(oid)),
        started: runner.starts.filter(({ key }) => key === turnKey(id, 1, 1)).length,
        news: told,
        world,
      }
    },
    async later() {
      for (let passes = 0; passes < 3; passes += 1) {
        clock.advance(limitMs + 1)
        await orch.pass()
      }
      after = issues()
      told = await news()
      await orch[Symbol.asyncDispose]()
      await mine[Symbol.asyncDispose]()
    },
  }
  return world
}

interface Places {
  readonly vcs: MemoryVcs
  readonly review: ReturnType<typeof memoryReviewHost>
  readonly base: Oid
}

/** What the record says, with everything in the repository and at the review host that it tells of. */
async function recorded(id: string, row: Row, { vcs, review, base }: Places): Promise<RunState> {
  const branch = `orch/${id}`
  const change = { [`${id}.txt`]: `by ${id}\n` }
  let head: Oid | null = null
  if (row.workspace !== false) {
    await vcs.createWorkspace({ name: id, branch, from: base, signal })
    vcs.edit(id, change)
    if (row.commits) head = vcs.commit(id, 'its work')
  }
  const reviewed = head
  if (row.moves) {
    vcs.edit(id, { [`${id}.txt`]: 'better\n' })
    head = vcs.commit(id, 'more work')
  }
  if (row.review !== undefined && reviewed !== null) {
    await review.open({ branch, head: reviewed, title: id, body: '', signal })
    review.set(branch, row.review)
  }
  const landed = row.lands ? vcs.userCommit(change, 'squashed') : null
  const start = untouched('2026-01-01T00:00:00.000Z')
  return {
    ...start,
    phase: row.phase,
    outcome: row.phase === 'merged' ? 'done' : null,
    run: { ...start.run, attempt: 1, turn: 1, owner: name, ...row.run },
    branch: { workspace: id, name: branch, base, head, left: [], before: null },
    review:
      row.review === undefined && row.phase !== 'merged'
        ? null
        : {
            head: reviewed ?? base,
            round: 1,
            url: null,
            approved: false,
            candidate: null,
            landed: row.phase === 'merged' && landed !== null ? { commit: landed, by: 'other' } : null,
            waits: null,
          },
  }
}

async function begin(
  id: string,
  turn: NonNullable<Row['turn']>,
  runner: ReturnType<typeof memoryRunner>,
  vcs: MemoryVcs,
): Promise<void> {
  const key = turnKey(id, 1, 1)
  const directory = [...vcs.folders().keys()].find((folder) => folder.endsWith(`/${id}`)) ?? ''
  const profile = command({ argv: ['agent'] })
  await runner.start({ key, profile, directory, prompt: '', environment: {}, signal })
  if (turn === 'ended well') runner.finish(key, { exit: 0 })
  if (turn === 'ended badly') runner.finish(key, { exit: 1 })
  if (turn === 'vanished') runner.vanish(key, { resume: 'its session' })
  if (turn === 'unknown') runner.hide(key)
}
