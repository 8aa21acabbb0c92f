import { keyPrefixes } from '../../../model/process-key.ts'
import type { Checker } from '../call.ts'
import type { Scene } from './scene.ts'

/** 1 and 8: when people have cancelled what was left, nothing of ours is left: no open record, no workspace, no process. */
export function ends({ mirror, vcs, runner, hidden, givenUp, violate }: Scene): Checker {
  return {
    before({ port, verb, options }) {
      if (port !== 'queue' || verb !== 'write') return
      const prefixes = keyPrefixes(options.id)
      for (const key of hidden) if (prefixes.some((prefix) => key.startsWith(prefix))) givenUp.add(key)
    },
    atEnd() {
      for (const [id, { phase }] of mirror.states) if (phase !== 'closed') violate(8, `${id} is not closed at the end`)
      for (const directory of vcs.folders().keys())
        if (!directory.includes('/.aside/')) violate(8, `${directory} is left at the end`)
      for (const key of runner.alive) if (!givenUp.has(key)) violate(1, `${key} is alive at the end`)
    },
  }
}
