import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { command } from '@orch/core'
import { agentRunnerSuite } from '@orch/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { processRunner } from '../src/process/process-runner.ts'
import { processRig, rigged, signal, waitFor } from './process-rig.ts'

agentRunnerSuite({ describe, it, expect }, () => processRig())

/** A process with a runner of its own on the same directory. */
async function starter(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'process-starter.ts'), { execArgv: ['--conditions=@orch/source'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

describe('starting', () => {
  it('lets one of two processes that start a key at once run it', async () => {
    const rig = rigged()
    const { processes, directory } = rig
    const starters = await Promise.all([starter(), starter()])
    for (let round = 0; round < 10; round += 1) {
      const told = { processes, directory, key: `k${round}`, script: 'echo ran' }
      const answers = starters.map((child) => once(child, 'message'))
      for (const child of starters) child.send(told)
      const results = (await Promise.all(answers)).map(([result]) => (result.ok ? 'ok' : result.reason))
      expect(results.sort()).toEqual(['already-started', 'ok'])
      await rig.over(told.key)
      expect(await rig.log(told.key)).toBe('ran\n')
    }
    expect(await readdir(join(processes, '.starting'))).toEqual([])
  })

  it('what is too long for the system is told with what to shorten, and the key is as if it never ran', async () => {
    const rig = rigged()
    const environment = { LONG: 'x'.repeat(200_000) }
    const message = expect.stringContaining('too long for this system; shorten agent.command or agent.environment')
    const refused = { code: 'launcher-failed', retryable: false, message }
    await expect(rig.run('k', 'true', { environment })).rejects.toMatchObject(refused)
    expect(await readdir(join(rig.processes, '.starting'))).toEqual([])
    await rig.run('k', 'exit 5')
    expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 5 })
  })

  it('says the number of the group that its agent runs in', async () => {
    const rig = rigged()
    const started = await rig.run('k', 'until [ -e go ]; do sleep 0.01; done')
    const pid = started.ok ? (started.value.pid ?? 0) : 0
    expect(await rig.turn('k')).toMatchObject({ is: 'alive', pid })
    process.kill(-pid, 'SIGKILL')
    expect(await rig.over('k')).toMatchObject({ is: 'vanished' })
  })

  it('outlives the process that started it', async () => {
    const rig = rigged()
    const { processes, directory } = rig
    const child = await starter()
    child.send({ processes, directory, key: 'k', script: 'until [ -e go ]; do sleep 0.01; done; exit 5' })
    await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await rig.turn('k')).toMatchObject({ is: 'alive' })
    await writeFile(join(directory, 'go'), '')
    expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 5 })
  })

  it('is not wedged by a starter that is killed at any moment', async () => {
    const rig = rigged()
    const { processes, directory } = rig
    await mkdir(join(processes, '.starting'), { recursive: true })
    for (let round = 0; round < 5; round += 1) {
      const key = `k${round}`
      const child = await starter()
      child.send({ processes, directory, key, script: 'echo ran' })
      await waitFor(
        () => readdir(join(processes, '.starting')),
        (names) => names.some((name) => name.startsWith(`${key}~`)) || existsSync(join(processes, key)),
      )
      child.kill('SIGKILL')
      await once(child, 'exit')
      await rig.run(key, 'echo ran')
      expect(await rig.over(key)).toMatchObject({ is: 'ended', exit: 0 })
      expect(await rig.log(key)).toBe('ran\n')
    }
  })

  it('keeps what it writes to itself', async () => {
    const rig = rigged()
    await rig.run('k', 'umask; exit 0')
    await rig.over('k')
    const mode = async (path: string) => ((await stat(join(rig.processes, path))).mode & 0o777).toString(8)
    for (const path of ['', 'k', 'k/inbox', '.claims']) expect(await mode(path)).toBe('700')
    for (const path of ['k/log', 'k/prompt.md', 'k/events.jsonl', 'k/exit', 'k/pid'])
      expect(await mode(path)).toBe('600')
    // But what the agent makes has the modes that the user wants.
    expect(Number.parseInt(await rig.log('k'), 8)).toBe(process.umask())
  })

  it('passes prompts and arguments as they are', async () => {
    const rig = rigged()
    const prompt =
      '--help -rf $(touch planted) `touch planted` "quoted" \'single\'\n\n  two\\n %s * ~ {prompt-file} é 😀\n-e\n'
    const show = 'console.log(JSON.stringify(process.argv.slice(1)))'
    const argv = ['node', '-e', show, '--', '{prompt}', '{prompt-file}', 'x{prompt}', ''] as const
    await rig.run('k', '', { profile: command({ argv: [...argv] }), prompt })
    await rig.over('k')
    const [text, file, ...rest] = JSON.parse(await rig.log('k'))
    expect([text, await readFile(file, 'utf8'), ...rest]).toEqual([prompt, prompt, 'x{prompt}', ''])
    expect(existsSync(join(rig.directory, 'planted'))).toBe(false)
  })

  it('names the file of a prompt that is too long for an argument', async () => {
    const rig = rigged()
    const profile = command({ argv: ['printf', '%s', '{prompt}'] })
    expect(await rig.run('k', '', { profile, prompt: 'x'.repeat(200_000) })).toMatchObject({ ok: true })
    await rig.over('k')
    expect(await rig.log('k')).toContain(join(rig.processes, 'k', 'prompt.md'))
  })

  it('resumes a session with the arguments for that', async () => {
    const rig = rigged()
    const profile = { ...command({ argv: ['echo', 'new'] }), resumeArgv: ['echo', 'on', '{resume}'] as const }
    await rig.run('a', '', { profile })
    await rig.run('b', '', { profile, resume: 'session 1' })
    await Promise.all([rig.over('a'), rig.over('b')])
    expect([await rig.log('a'), await rig.log('b')]).toEqual(['new\n', 'on session 1\n'])
  })

  it('runs a program whose name a shell would take for its own', async () => {
    const rig = rigged()
    const bin = join(rig.directory, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'exit'), '#!/bin/sh\necho mine; exit 9\n', { mode: 0o700 })
    const runner = processRunner({ directory: rig.processes, path: [bin] })
    const options = { key: 'k', directory: rig.directory, prompt: '', environment: {}, signal }
    await runner.start({ ...options, profile: command({ argv: ['exit', '3'] }) })
    expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 9 })
    expect(await rig.log('k')).toBe('mine\n')
  })

  it('refuses what may not be executed, and finds what is in the workspace only by its path', async () => {
    const rig = rigged({ PATH: `.::${process.env.PATH}` })
    const tool = join(rig.directory, 'orch-test-tool')
    await writeFile(tool, '#!/bin/sh\necho tool\n', { mode: 0o600 })
    const tell = (program: string) => rig.run('k', '', { profile: command({ argv: [program] }) })
    expect(await tell('./orch-test-tool')).toMatchObject({
      reason: 'no-command',
      detail: expect.stringContaining(tool),
    })
    expect(await tell(rig.directory)).toMatchObject({ reason: 'no-command' })
    await chmod(tool, 0o700)
    expect(await tell('orch-test-tool')).toMatchObject({ reason: 'no-command' })
    expect(await tell('./orch-test-tool')).toMatchObject({ ok: true })
    await rig.over('k')
    expect(await rig.log('k')).toBe('tool\n')
  })

  it('says what is wrong with a directory that is not there', async () => {
    const rig = rigged()
    const directory = join(rig.directory, 'gone')
    await expect(rig.run('k', 'true', { directory })).rejects.toMatchObject({ code: 'no-workspace', port: 'runner' })
    await expect(rig.run('../k', 'true')).rejects.toMatchObject({ code: 'bug' })
    expect(await rig.turn('k')).toEqual({ is: 'never' })
  })

  it('gives an agent nothing of our environment but the basics and what its profile asks for', async () => {
    const rig = rigged({
      ...process.env,
      LC_TEST: 'basic',
      WANTED: 'wanted',
      SECRET_TOKEN: 'planted',
      NODE_OPTIONS: '--no-warnings',
      GIT_DIR: '/planted',
      LD_PRELOAD: '',
      BASH_ENV: '/planted',
    })
    const profile = command({ argv: ['env'], inherit: ['WANTED'], environment: { OWN: 'own', ORCH_OUTBOX: 'mine' } })
    await rig.run('k', '', { profile, environment: { ORCH_TASK: 't' } })
    await rig.over('k')
    const lines = (await rig.log('k')).split('\n')
    const names = lines.map((line) => line.split('=')[0] ?? '')
    for (const name of ['SECRET_TOKEN', 'NODE_OPTIONS', 'GIT_DIR', 'LD_PRELOAD', 'BASH_ENV']) {
      expect(names).not.toContain(name)
    }
    expect(lines).toEqual(expect.arrayContaining(['LC_TEST=basic', 'WANTED=wanted', 'OWN=own', 'ORCH_TASK=t']))
    expect(lines).toContain(`ORCH_OUTBOX=${join(rig.processes, 'k', 'events.jsonl')}`)
    expect(lines.find((line) => line.startsWith('PATH='))).toMatch(new RegExp(`^PATH=${dirname(process.execPath)}:`))
  })

  it('gives an agent an empty standard input and signals as they are by default', async () => {
    const rig = rigged()
    await rig.run('k', 'cat; sh -c "kill -INT \\$\\$"; echo "$?"')
    await rig.over('k')
    expect(await rig.log('k')).toContain('130\n')
  })
})
