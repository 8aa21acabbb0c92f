import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseReport } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { freshFolder, main, orch } from './rig.ts'

async function told(...words: string[]): Promise<unknown> {
  const outbox = join(freshFolder(), 'outbox')
  const ended = await orch(['tell', ...words], { environment: { ORCH_OUTBOX: outbox } })
  expect(ended).toMatchObject({ exit: 0, stderr: '' })
  const text = readFileSync(outbox, 'utf8')
  expect(text.endsWith('\n')).toBe(true)
  return parseReport(text.trimEnd())
}

describe('orch tell', () => {
  it('appends what the orchestrator reads', async () => {
    expect(await told('planning')).toEqual({ tell: 'planning' })
    expect(await told('working', '--note', 'half\nway')).toEqual({ tell: 'working', note: 'half\nway' })
    expect(await told('done')).toEqual({ tell: 'done' })
    expect(await told('done', '--no-changes', 'it is there')).toEqual({ tell: 'done', noChanges: 'it is there' })
    expect(
      await told('stuck', '--reason', '-C or not', '--option', 'A', '--option', '--json', '--context', 'c'),
    ).toEqual({
      tell: 'stuck',
      reason: '-C or not',
      options: ['A', '--json'],
      context: 'c',
    })
  })

  it('takes a verdict from its argument or from standard input, and says what is wrong with one', async () => {
    const verdict = { verdict: 'changes', summary: 'It’s wrong', findings: [{ file: 'a.ts', line: 3, text: 'here' }] }
    expect(await told('review', JSON.stringify(verdict))).toEqual({ tell: 'verdict', ...verdict })
    const outbox = join(freshFolder(), 'outbox')
    const tell = (given: string) => orch(['tell', 'review', given], { environment: { ORCH_OUTBOX: outbox } })
    const refused = await tell(JSON.stringify({ ...verdict, verdict: 'reject' }))
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('"approve" or "changes"') })
    expect(await tell('approve')).toMatchObject({ exit: 2, stderr: expect.stringContaining('it is no JSON') })
    const lines = readFileSync(outbox, 'utf8').trimEnd().split('\n')
    expect(lines.map(parseReport)).toEqual([
      { tell: 'no-verdict', why: 'verdict must be "approve" or "changes"' },
      { tell: 'no-verdict', why: 'it is no JSON' },
    ])
    const script = `printf '%s' "$1" | "$2" --conditions=@orch/source "$3" tell review -`
    execFileSync('sh', ['-c', script, 'sh', JSON.stringify(verdict), process.execPath, main], {
      env: { ...process.env, ORCH_OUTBOX: outbox },
    })
    expect(parseReport(readFileSync(outbox, 'utf8').trimEnd().split('\n').at(-1) ?? '')).toEqual({
      tell: 'verdict',
      ...verdict,
    })
  })

  it('begins a line of its own after one that was left open', async () => {
    const outbox = join(freshFolder(), 'outbox')
    writeFileSync(outbox, '{"tell":"pl')
    await orch(['tell', 'done'], { environment: { ORCH_OUTBOX: outbox } })
    expect(readFileSync(outbox, 'utf8')).toBe('{"tell":"pl\n{"tell":"done"}\n')
  })

  it('answers in JSON', async () => {
    const outbox = join(freshFolder(), 'outbox')
    const ended = await orch(['tell', 'done', '--json'], { environment: { ORCH_OUTBOX: outbox } })
    expect(JSON.parse(ended.stdout)).toEqual({ told: { tell: 'done' } })
  })

  it('refuses what nobody would read', async () => {
    const outbox = join(freshFolder(), 'outbox')
    expect(await orch(['tell', 'done'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('ORCH_OUTBOX') })
    const long = await orch(['tell', 'working', '--note', 'x'.repeat(70_000)], { environment: { ORCH_OUTBOX: outbox } })
    expect(long).toMatchObject({ exit: 2, stderr: expect.stringContaining('65536 are allowed') })
    const gone = await orch(['tell', 'done'], { environment: { ORCH_OUTBOX: join(outbox, 'no', 'folder') } })
    expect(gone).toMatchObject({ exit: 2, stderr: expect.stringContaining('ENOENT') })
    expect(await orch(['tell', 'stuck'], { environment: { ORCH_OUTBOX: outbox } })).toMatchObject({ exit: 2 })
  })
})
