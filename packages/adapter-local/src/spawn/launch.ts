import { spawn } from 'node:child_process'
import type { Launch } from './message.ts'

/**
 * Starts a process in a session of its own and resolves to what it said on descriptor 3 before it closed that. Rejects when it cannot
 * be started.
 */
export function launchHere(launch: Launch, onEnd: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(launch.file, launch.argv, {
      cwd: launch.directory,
      env: launch.environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    child.unref()
    child.on('error', reject)
    child.on('exit', onEnd)
    // Without a free descriptor there are no pipes either.
    const pipe = (child.stdio as typeof child.stdio | undefined)?.[3]
    if (pipe === null || pipe === undefined || !('read' in pipe)) return // it was not started; 'error' follows
    let words = ''
    pipe.on('data', (part) => {
      words += String(part)
    })
    pipe.on('error', reject)
    pipe.on('close', () => resolve(words))
  })
}
