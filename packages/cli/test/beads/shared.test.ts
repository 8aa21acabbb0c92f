import { describe, expect, it } from 'vitest'
import { beadsScene, type Issue, lacksBd, landings, onRealBd } from './scene.ts'

describe.skipIf(lacksBd)(onRealBd('a Beads database that others write to as well'), { timeout: 900_000 }, () => {
  it('two of them share a database: one waits for the seat, and takes over when the other is killed', async () => {
    const scene = beadsScene({ maxAgents: 6 })
    const ids = scene.epic(20, (n) => ({ title: `Only look ${n}` }))
    const first = scene.start()
    await first.says(/agent started/)
    const second = scene.start()
    await second.says(/another orchestrator has the seat of beads: waiting for it/)
    await first.says(/nothing had to change/)
    first.child.kill('SIGKILL')
    expect(await second.over).toBe(0)
    const closed = JSON.parse(scene.bd('list', '--all', '--json', '--metadata-field', 'closed_as=done')).data
    expect(closed.map(({ id }: Issue) => id).sort()).toEqual([...ids].sort())
    const claims = `${first.told()}${second.told()}`.match(/(\S+): agent started/g) ?? []
    expect(new Set(claims).size).toBe(claims.length)
  })

  it('thirty writers beside it lose nothing, and neither does it', async () => {
    const scene = beadsScene({ queue: { limitMs: 300_000 } })
    const ids = scene.epic(3)
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
