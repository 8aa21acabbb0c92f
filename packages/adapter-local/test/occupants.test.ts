import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { occupantsOf } from '../src/git/occupants.ts'

const root = mkdtempSync(join(tmpdir(), 'orch-occupants-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it.skipIf(process.platform !== 'linux')(
  'a process is found, and breaks nothing, where its folder is deeper than the system can tell',
  async () => {
    const [inside, outside] = [join(root, 'inside'), join(root, 'outside')]
    for (const folder of [inside, outside]) mkdirSync(folder)
    const name = 'd'.repeat(200)
    const script = `i=0; while [ $i -lt 25 ]; do mkdir ${name} && cd -P ./${name} || exit 1; i=$((i+1)); done; echo there; exec sleep 60`
    const child = spawn('sh', ['-c', script], { cwd: inside, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      expect(occupantsOf(inside)).toEqual([child.pid])
      expect(occupantsOf(outside)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
    }
  },
)
