import { remove } from '../disk/files.ts'
import { spawner } from './spawner.ts'

/** Milliseconds that taking a tree away may take before we do it ourselves. */
const longest = 300_000

/**
 * Takes whole trees away, in a process of its own where starting one costs little: we would have to hear of every single file, twice.
 * Rejects with the system's error.
 */
export async function removeTrees(paths: readonly string[]): Promise<void> {
  const { PATH = '/usr/bin:/bin' } = process.env
  const run = { file: 'rm', argv: ['-rf', '--', ...paths], directory: '/', environment: { PATH }, longest }
  const ran = await spawner()
    ?.run(run)
    .catch(() => null)
  // What it left, and why, is found by doing it again.
  if (ran?.code !== 0) await Promise.all(paths.map(remove))
}
