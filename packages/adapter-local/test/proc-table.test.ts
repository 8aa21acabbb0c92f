import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { procTable } from '../src/process/proc-table.ts'

/** Each program of the chain ends as soon as it has started the next: at every moment one of it is alive, none for long. */
const chains = {
  'that replaces itself': 'test -d "$WHILE" && sleep 0.005 && exec sh -c "$CHAIN"',
  'that starts its successor and ends': 'test -d "$WHILE" && sleep 0.005 && { sh -c "$CHAIN" & }; exit 0',
}

/** Processes that live as long as the folder does. */
async function begin(chain: string): Promise<{ readonly marker: string; end(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'orch-chain-'))
  const child = spawn('sh', ['-c', 'echo; eval "$CHAIN"'], {
    env: { PATH: process.env.PATH ?? '', CHAIN: chain, WHILE: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await once(child.stdout, 'data')
  return { marker: `WHILE=${folder}`, end: () => rmdirSync(folder) }
}

describe.skipIf(process.platform !== 'linux')('the table of processes (skipped where there is no /proc)', () => {
  it.each(Object.entries(chains))('never misses a program %s', async (_, chain) => {
    const { marker, end } = await begin(chain)
    try {
      const missed = []
      for (let look = 0; look < 150; look++) {
        const members = await procTable().members(null, marker, performance.now())
        if (members.length === 0) missed.push(look)
      }
      expect(missed).toEqual([])
    } finally {
      end()
    }
  })

  it('does not answer from a look that is older than what it is asked about', async () => {
    const table = procTable()
    const before = performance.now()
    expect(await table.members(null, 'NO=process', before)).toEqual([])
    const { marker, end } = await begin('while test -d "$WHILE"; do sleep 0.05; done')
    try {
      expect(await table.members(null, marker, performance.now())).not.toEqual([])
    } finally {
      end()
    }
  })
})
