import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ProcessRig, rigged, signal } from './process-rig.ts'

/** A process that carries a key's mark and has no record: only a look at all processes finds it. */
async function stray(rig: ProcessRig, key: string): Promise<void> {
  const environment = { ...process.env, ORCH_OUTBOX: `${rig.processes}/${key}/events.jsonl` }
  const child = spawn('/bin/sh', ['-c', 'echo up; exec sleep 1000'], { env: environment })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
}

describe.skipIf(process.platform !== 'linux')('a key that nobody used', () => {
  // A look at strangers' processes is good for some seconds.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())
  const later = () => vi.advanceTimersByTime(60_000)

  it('is not looked for again as long as it is asked about', async () => {
    const rig = rigged()
    expect(await rig.turn('k')).toMatchObject({ is: 'never' })
    await stray(rig, 'k')
    later()
    expect(await rig.turn('k')).toMatchObject({ is: 'never' })
  })

  it('is remembered neither when it is forgotten nor when nobody asks about it any more', async () => {
    const rig = rigged()
    await rig.runner.observe({ keys: ['k', 'check-1', 'other'], signal })
    await stray(rig, 'k')
    await stray(rig, 'check-1')
    later()
    await rig.runner.forget({ prefixes: ['k'], signal })
    expect(await rig.runner.observe({ keys: ['k', 'other'], signal })).toMatchObject(
      new Map([
        ['k', expect.objectContaining({ is: 'unknown' })],
        ['other', { is: 'never' }],
      ]),
    )
    expect(await rig.turn('check-1')).toMatchObject({ is: 'unknown' })
  })
})
