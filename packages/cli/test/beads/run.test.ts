import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { git } from '../rig.ts'
import { beadsScene, lacksBd, landings, onRealBd } from './scene.ts'

const children = (
  scene: ReturnType<typeof beadsScene>,
  count: number,
  title: (n: number) => string,
  chained: (n: number) => string | null,
) => {
  scene.bd('create', '--title=Feeding log', '-t', 'epic', '--id', 'demo-a3f')
  for (let n = 1; n <= count; n += 1) {
    const writes = JSON.stringify({ writes: [`demo-a3f.${n}.txt`] })
    const before = chained(n)
    const deps = before === null ? [] : ['--deps', before]
    scene.bd('create', `--title=${title(n)}`, '--parent', 'demo-a3f', '--metadata', writes, ...deps)
  }
  return Array.from({ length: count }, (_, index) => `demo-a3f.${index + 1}`)
}

describe.skipIf(lacksBd)(onRealBd('orch run on Beads'), { timeout: 900_000 }, () => {
  it('runs what is below an epic, closes it, and leaves everything else alone', async () => {
    const scene = beadsScene({ queue: { closeEpics: true } })
    scene.bd('create', '--title=Someone else’s', '--id', 'demo-other')
    const ids = children(
      scene,
      2,
      (n) => `Do ${n}`,
      (n) => (n === 2 ? 'demo-a3f.1' : null),
    )
    expect(await scene.call('run', '--epic', 'demo-a3f')).toMatchObject({ exit: 0 })
    expect(landings(scene.root)).toEqual(ids)
    const issues = new Map(scene.issues().map((issue) => [issue.id, issue]))
    expect(['demo-a3f', 'demo-a3f.1', 'demo-a3f.2', 'demo-other'].map((id) => issues.get(id)?.status)).toEqual([
      'closed',
      'closed',
      'closed',
      'open',
    ])
    expect(JSON.parse(scene.bd('list', '--all', '--json', '--metadata-field', 'phase=closed')).data).toHaveLength(2)
    const comments = scene.bd('comments', 'demo-a3f', '--json')
    expect(comments).toContain('its 2 children are closed')
    expect(comments).toContain('[orch landed]')
    expect(existsSync(`${scene.root}/.git/orch/orch.db`)).toBe(false)
    expect(git(scene.root, 'status', '--porcelain')).toBe('')
    expect(await scene.call('run', '--epic', 'demo-nope')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('demo-nope'),
    })
  })

  it('survives ten SIGKILLs at random moments: an epic of eight lands once and whole', async () => {
    const scene = beadsScene()
    const slow = (n: number) => (n <= 2 ? `Take your time ${n}` : `Do ${n}`)
    const ids = children(scene, 8, slow, (n) => (n > 6 ? `demo-a3f.${n - 6}` : null))
    const moments: number[] = []
    let last: number | null = null
    for (let kill = 0; kill < 10; kill += 1) {
      const moment = 1 + Math.floor(Math.random() * 25)
      moments.push(moment)
      const run = scene.start('--epic', 'demo-a3f')
      const begun = scene.calls()
      const over = await Promise.race([run.over, scene.reaches(begun + moment).then(() => 'reached' as const)])
      run.child.kill('SIGKILL')
      last = await run.over
      if (over !== 'reached') break
      if (kill === 4) scene.agent.letGo()
    }
    scene.agent.letGo()
    const ended = await scene.call('run', '--epic', 'demo-a3f')
    expect({ ...ended, moments, last }).toMatchObject({ exit: 0 })
    expect(landings(scene.root)).toEqual(ids)
    const open = scene.issues().filter(({ id, status }) => ids.includes(id) && status !== 'closed')
    expect(open).toEqual([])
    expect(git(scene.root, 'branch', '--format=%(refname:short)').trim()).toBe('main')
    expect(git(scene.root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
    expect(git(scene.root, 'status', '--porcelain')).toBe('')
  })

  it('two of them share a database: one waits for the seat, and takes over when the other is killed', async () => {
    const scene = beadsScene({ maxAgents: 6 })
    const ids = children(
      scene,
      20,
      (n) => `Do ${n}`,
      () => null,
    )
    const first = scene.start()
    await first.says(/agent started/)
    const second = scene.start()
    await second.says(/another orchestrator has the seat of beads: waiting for it/)
    await first.says(/landed as/)
    first.child.kill('SIGKILL')
    expect(await second.over).toBe(0)
    expect(landings(scene.root)).toEqual([...ids].sort())
    const claims = `${first.told()}${second.told()}`.match(/(\S+): agent started/g) ?? []
    expect(new Set(claims).size).toBe(claims.length)
  })

  it('thirty writers beside it lose nothing, and neither does it', async () => {
    const scene = beadsScene({ queue: { limitMs: 300_000 } })
    const ids = children(
      scene,
      3,
      (n) => `Do ${n}`,
      () => null,
    )
    const run = scene.start('--epic', 'demo-a3f')
    await run.says(/agent started/)
    const writers = Array.from({ length: 30 }, (_, n) => scene.writer('create', `--title=Beside ${n}`, '--json'))
    const made = await Promise.all(writers)
    expect(await run.over).toBe(0)
    expect(landings(scene.root)).toEqual(ids)
    const there = new Set(scene.issues().map(({ id }) => id))
    const lost = made.filter((answer) => !there.has(JSON.parse(answer).data.id))
    expect([lost, new Set(made.map((answer) => JSON.parse(answer).data.id)).size]).toEqual([[], 30])
  })
})
