import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder, git } from '../rig.ts'
import { expectNoCrash, scripted, usersState } from './scripted.ts'

/** A program of each kind that cannot be run, and what a person is to read about it. */
function unrunnable(): readonly (readonly [program: string, why: string])[] {
  const folder = freshFolder({ 'not-executable': '#!/bin/sh\n', script: '#!/nonexistent/interpreter -x\n' })
  const at = (name: string): string => join(folder, name)
  mkdirSync(at('folder'))
  chmodSync(at('script'), 0o755)
  symlinkSync(at('script'), at('link'))
  return [
    ['no-such-agent', 'no-such-agent was not found in PATH'],
    [at('missing'), `${at('missing')} does not exist`],
    [at('not-executable'), `${at('not-executable')} may not be executed`],
    [at('folder'), `${at('folder')} is a folder`],
    [at('script'), `${at('script')} needs /nonexistent/interpreter, which does not exist`],
    [at('link'), `${at('link')} needs /nonexistent/interpreter, which does not exist`],
  ]
}

describe.concurrent('a command that cannot be run', { timeout: 90_000 }, () => {
  it('as the agent is named before any task is started, and nothing is used up', async () => {
    const { root, call } = await scripted({ agents: {}, policy: { maxAttempts: 3 } })
    const before = usersState(root)
    for (const [program, why] of unrunnable()) {
      const text = JSON.stringify({ agent: { command: [program, '{prompt}'] } })
      writeFileSync(join(root, 'orch.config.json'), text)
      const ended = await call('run')
      expectNoCrash(ended)
      expect(ended).toMatchObject({ exit: 2, stdout: '' })
      expect(ended.stderr).toContain(`cannot run: ${why}. Set agent.command. No task was started.`)
      expect(ended.stderr).not.toContain('agent started')
    }
    const json = await call('run', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'no-command' } })
    expect((await call('status')).stdout).toBe('Waiting (1)\n  good  starts next\n')
    git(root, 'checkout', '--quiet', 'orch.config.json')
    expect(usersState(root)).toEqual(before)
    expect(await call('run')).toMatchObject({ exit: 0 })
  })

  it('below the workspace is found out when it is started, once', async () => {
    const { call } = await scripted({ agents: { second: '' }, command: ['./agent.sh'], policy: { maxAgents: 1 } })
    const ended = await call('run')
    expectNoCrash(ended)
    expect(ended.exit).toBe(1)
    expect(ended.stderr).toMatch(/good: needs a decision: its agent cannot be started: .*agent\.sh does not exist/)
    expect(ended.stderr).not.toContain('second:')
  })

  it('by the agent is told with what it printed, at the first attempt', async () => {
    const { run, call } = await scripted({
      agents: {
        absent: 'echo trying; no-such-tool --now',
        denied: 'cd /; ./etc',
        loud: 'echo reason for it >&2; exit 9',
      },
      policy: { maxAttempts: 3, backoffMs: 1 },
    })
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')?.status).toBe('merged')
    expect(told.rows.get('absent')?.stuckReason).toMatch(
      /^its only attempt failed; .* exit 127 \(a command was not found\): ".*no-such-tool.*not found"$/,
    )
    expect(told.rows.get('denied')?.stuckReason).toMatch(/exit 126 \(a command may not be executed\): ".*\.\/etc/)
    expect(told.rows.get('loud')?.stuckReason).toMatch(/^3 attempts failed; .* exit 9: "reason for it"$/)
    for (const task of ['absent', 'denied']) {
      expect(told.rows.get(task)?.attempt).toBe(1)
      expect(told.about(task)).toContain(`orch retry ${task}`)
    }
    expect((await call('show', 'absent')).stdout).toContain('Printed last\n  trying\n')
  })

  it('as a check is not blamed on the change, and the change lands once it is mended', async () => {
    const { root, run, call } = await scripted({
      agents: {},
      policy: { landing: { checks: ['true', 'no-such-check'] } },
    })
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')).toMatchObject({ status: 'stuck', attempt: 1 })
    expect(told.about('good')).toMatch(
      /the checks cannot be run: exit 127 \(a command was not found\): ".*no-such-check.*" \(the checks are `true`, `no-such-check`\); mend them/,
    )
    expect(told.stdout).toContain('  orch land good')
    expect(told.stderr.match(/agent started/g)).toHaveLength(1)
    const text = JSON.stringify({
      policy: { leaseMs: 2000, landing: { by: 'orchestrator', checks: ['test -f good.txt'] } },
    })
    writeFileSync(join(root, 'orch.config.json'), text)
    expect(await call('land', 'good')).toMatchObject({ exit: 0 })
    expect(git(root, 'ls-tree', '--name-only', 'main').split('\n')).toContain('good.txt')
  })

  it('as a check is tried again with the same words when a person has mended what it needs', async () => {
    const { root, notes, run, call } = await scripted({
      agents: {},
      policy: { landing: { checks: ['sh ../../notes/c'] } },
    })
    const tool = join(notes, 'tool')
    const config = join(root, 'orch.config.json')
    writeFileSync(
      config,
      JSON.stringify({
        agent: { command: ['sh', '-c', 'echo good > good.txt'] },
        policy: { leaseMs: 2000, maxAttempts: 1, landing: { by: 'orchestrator', checks: [tool] } },
      }),
    )
    expect((await run()).about('good')).toContain(`the checks are \`${tool}\``)
    writeFileSync(tool, '#!/bin/sh\nexit 0\n', { mode: 0o755 })
    expect(await call('land', 'good')).toMatchObject({ exit: 0 })
    expect(git(root, 'ls-tree', '--name-only', 'main').split('\n')).toContain('good.txt')
  })
})
