import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { git } from '../rig.ts'
import { beadsScene, lacksBd, landings, onRealBd } from './scene.ts'

describe.skipIf(lacksBd)(onRealBd('orch run on Beads'), { timeout: 900_000 }, () => {
  it('runs what is below an epic, closes it, and leaves everything else alone', async () => {
    const scene = beadsScene({ queue: { closeEpics: true } })
    scene.bd('create', '--title=Someone else’s', '--id', 'demo-other')
    const ids = scene.epic(2, (n) => (n === 1 ? { title: 'Take your time' } : { title: 'Do it', after: 1 }))
    const run = scene.start('--epic', 'demo-a3f')
    await run.says(/demo-a3f.1: agent started/)
    const working = JSON.parse(scene.bd('list', '--json', '--metadata-field', 'phase=working')).data
    expect(working).toMatchObject([
      { id: 'demo-a3f.1', metadata: { branch: expect.stringMatching(/^orch\/demo-a3f-1-/) } },
    ])
    const { worktree, agent_pid } = working[0].metadata
    expect(git(worktree, 'branch', '--show-current').trim()).toBe(working[0].metadata.branch)
    expect(process.kill(agent_pid, 0)).toBe(true)
    scene.agent.letGo()
    expect(await run.over).toBe(0)
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
    const ids = scene.epic(8, (n) => ({
      title: n <= 2 ? `Take your time ${n}` : `Do ${n}`,
      ...(n > 6 && { after: n - 6 }),
    }))
    const moments: number[] = []
    let last: number | null = null
    for (let kill = 0; kill < 10; kill += 1) {
      const moment = 1 + Math.floor(Math.random() * 16)
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
})
