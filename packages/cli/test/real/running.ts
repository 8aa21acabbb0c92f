import { type ChildProcess, spawn } from 'node:child_process'
import { main } from '../rig.ts'
import type { Scene } from './scene.ts'

/** An `orch run` that is under way. */
export interface Running {
  readonly child: ChildProcess
  /** Its exit code, null when it was killed. */
  readonly over: Promise<number | null>
  /** Resolves when it has told so many lines of its progress, or is over. */
  lines(count: number): Promise<void>
  /** Resolves when its progress matches `text`; fails when it is over without. */
  says(text: RegExp): Promise<void>
  /** What it has told so far. */
  told(): string
}

export function running(real: Pick<Scene, 'root' | 'environment'>, ...words: readonly string[]): Running {
  const child = spawn(process.execPath, ['--conditions=@orch/source', main, 'run', ...words], {
    cwd: real.root,
    env: { ...process.env, ...real.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let seen = ''
  let isOver = false
  const looks = new Set<() => void>()
  const look = (): void => {
    for (const one of looks) one()
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen += text
    look()
  })
  const over = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      isOver = true
      look()
      resolve(code)
    })
  })
  const until = (holds: () => boolean): Promise<boolean> =>
    new Promise((resolve) => {
      const one = (): void => {
        if (holds() || isOver) resolve(holds())
      }
      looks.add(one)
      one()
    })
  return {
    child,
    over,
    lines: async (count) => {
      await until(() => seen.split('\n').length > count)
    },
    says: async (text) => {
      if (!(await until(() => text.test(seen)))) throw new Error(`it never said ${text}:\n${seen}`)
    },
    told: () => seen,
  }
}
