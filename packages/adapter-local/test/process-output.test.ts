import { appendFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Turn } from '@orch/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { rigged, signal } from './process-rig.ts'

describe('reading what an agent writes', () => {
  const said = (turn: Turn) => ('report' in turn ? [turn.reports, turn.report?.tell] : [])

  it('takes a torn line only when it is whole', async () => {
    const rig = rigged()
    await rig.run('k', 'sleep 1000')
    const outbox = join(rig.processes, 'k', 'events.jsonl')
    await appendFile(outbox, '{"tell":"working"}\n{"tell":"do')
    expect(said(await rig.turn('k'))).toEqual([1, 'working'])
    await appendFile(outbox, 'ne"}')
    expect(said(await rig.turn('k'))).toEqual([2, 'done'])
    await appendFile(outbox, '\n')
    expect(said(await rig.turn('k'))).toEqual([2, 'done'])
  })

  it('is not led astray by hostile lines', async () => {
    const rig = rigged()
    await rig.run('k', 'sleep 1000')
    const outbox = join(rig.processes, 'k', 'events.jsonl')
    const hostile = [
      '',
      'null',
      '[]',
      '{"tell":"merged"}',
      '{"tell":["done"]}',
      '\0\0',
      '{'.repeat(10_000),
      '{"__proto__":{"tell":"done"}}',
    ]
    await appendFile(outbox, `{"tell":"planning"}\n${hostile.join('\n')}\n`)
    await appendFile(outbox, Buffer.from([0xff, 0xfe, 10]))
    await appendFile(outbox, `{"tell":"done","noChanges":"${'x'.repeat(3_000_000)}"}\n{"tell":"stuck"}\n`)
    expect(said(await rig.turn('k'))).toEqual([2, 'stuck'])
    const later = await rig.again().observe({ keys: ['k'], signal })
    expect(later.get('k')).toMatchObject({ reports: 2, report: { tell: 'stuck', options: [], context: '' } })
    await writeFile(outbox, '{"tell":"working"}\n')
    expect(said(await rig.turn('k'))).toEqual([1, 'working'])
  })

  it('does not wait for a pipe in the place of a file', async () => {
    const rig = rigged()
    const swap =
      'rm "$ORCH_OUTBOX" && mkfifo "$ORCH_OUTBOX" && log=$(dirname "$ORCH_OUTBOX")/log && rm "$log" && mkfifo "$log"'
    await rig.run('k', `${swap}; exit 4`)
    expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 4, report: null })
    expect(await rig.runner.tail({ key: 'k', lines: 5, signal })).toEqual([])
  })

  it('changes its sign with output and with nothing else', async () => {
    const rig = rigged()
    await rig.run('k', 'until [ -e go ]; do sleep 0.01; done; echo more; sleep 1000')
    const sign = (turn: Turn) => (turn.is === 'alive' ? turn.sign : '')
    const before = sign(await rig.turn('k'))
    expect(sign(await rig.turn('k'))).toBe(before)
    await writeFile(join(rig.directory, 'go'), '')
    await rig.seen('k', (turn) => sign(turn) !== before)
  })

  it('reads only the end of a long log', async () => {
    const rig = rigged()
    await rig.run('k', 'yes 0123456789abcdef | head -c 20000000; echo; echo last')
    await rig.over('k')
    expect((await stat(join(rig.processes, 'k', 'log'))).size).toBeGreaterThan(20_000_000)
    const tail = await rig.runner.tail({ key: 'k', lines: 100_000, signal })
    expect(tail.at(-1)).toBe('last')
    expect(tail.length).toBeLessThan(5000)
  })

  it('shows no secret and no control sequence', async () => {
    const token = 'ghp_0123456789abcdefghijABCDEFGHIJ'
    const rig = rigged({ ...process.env, MY_API_KEY: 'hunter2-hunter2' })
    const lines = ['hunter2-hunter2', token, 'https://me:pass@example.org/x', '\\033[31mred\\033[0m\\007\\r']
    const report = `{"tell":"stuck","reason":"is hunter2-hunter2 right?","options":["${token}"]}`
    await rig.run('k', `printf '${lines.join('\\n')}\\n'; echo '${report}' >>"$ORCH_OUTBOX"`)
    expect(await rig.over('k')).toMatchObject({ report: { reason: 'is [redacted] right?', options: ['[redacted]'] } })
    const shown = await rig.runner.tail({ key: 'k', lines: 9, signal })
    expect(shown).toEqual(['[redacted]', '[redacted]', 'https://[redacted]@example.org/x', 'red'])
  })

  it('tells a verdict as its reviewer gave it last, without secrets, whatever it said of its turn since', async () => {
    const rig = rigged({ ...process.env, MY_API_KEY: 'hunter2-hunter2' })
    const finding = { file: 'a/hunter2-hunter2.ts', line: 2, text: 'holds hunter2-hunter2' }
    const verdict = { tell: 'verdict', verdict: 'changes', summary: 'it is hunter2-hunter2', findings: [finding] }
    const lines = [
      { tell: 'verdict', verdict: 'approve' },
      { ...verdict, verdict: 'approve' },
      verdict,
      { tell: 'done' },
    ]
    await rig.run('k', lines.map((line) => `echo '${JSON.stringify(line)}' >>"$ORCH_OUTBOX"`).join('; '))
    expect(await rig.over('k')).toMatchObject({
      reports: 4,
      report: {
        verdict: 'changes',
        summary: 'it is [redacted]',
        findings: [{ file: 'a/[redacted].ts', line: 2, text: 'holds [redacted]' }],
      },
    })
  })

  it('shows no secret that lies on the edge of what is read, or that control characters break', async () => {
    const key = Array.from({ length: 150 }, (_, at) => `line-${at}-of-my-private-key-${'x'.repeat(40)}`).join('\n')
    const rig = rigged({ ...process.env, DEPLOY_KEY: key, PIN: 'hunter2', SESSION: 'session-value' }, ['SESSION'])
    await writeFile(join(rig.directory, 'key'), key)
    // Whatever is cut, the key lies where the cut is.
    await rig.run(
      'k',
      `for n in 1 2 3 4 5 6 7 8 9 10; do cat key; echo; done; printf 'sess\\033[1mion-va\\001lue\\rhunter2\\n'`,
    )
    await rig.over('k')
    const shown = (await rig.runner.tail({ key: 'k', lines: 100_000, signal })).join('\n')
    expect(shown).not.toContain('of-my-private-key')
    expect(shown).toContain('[redacted]hunter2')
  })

  it('delivers guidance once, even when the agent has taken it away', async () => {
    const rig = rigged()
    await rig.run('k', 'sleep 1000')
    const send = (key: string) => rig.runner.send({ key: 'k', guidance: { key, text: key, turn: null }, signal })
    const inbox = join(rig.processes, 'k', 'inbox')
    await send('one')
    for (const name of await readdir(inbox)) await rm(join(inbox, name))
    await send('one')
    expect(await readdir(inbox)).toEqual([])
    await send('two')
    expect(await readdir(inbox)).toEqual([expect.stringMatching(/^0002-[0-9a-f]{12}\.md$/)])
  })

  it('gives a hint when a process that another one started reports', async () => {
    const rig = rigged()
    await rig.run(
      'k',
      'until [ -e go ]; do sleep 0.01; done; echo \'{"tell":"planning"}\' >>"$ORCH_OUTBOX"; sleep 1000',
    )
    const other = rig.again()
    const over = new AbortController()
    onTestFinished(() => over.abort())
    const hint = new Promise<void>((resolve) => other.watch?.({ onChange: resolve, signal: over.signal }))
    await other.observe({ keys: ['k'], signal })
    await writeFile(join(rig.directory, 'go'), '')
    await hint
  })
})
