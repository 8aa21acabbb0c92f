import type { Call, Checker } from '../call.ts'
import { type Scene, secret } from './scene.ts'

/** What is read by people or by other programs. The profile itself is for the runner alone. */
function shown({ port, verb, options }: Call): unknown {
  if (port === 'queue') return [options.next, options.note, options.request]
  if (port === 'runner' && verb === 'start') return [options.prompt, options.environment, options.key]
  if (port === 'vcs') return options.message
  return port === 'board' || port === 'review' ? { ...options, signal: null } : null
}

/** 10: no value that is known as a secret appears in anything that is shown. */
export function secrets({ violate }: Scene): Checker {
  return {
    before(call) {
      const found = shown(call)
      if (JSON.stringify(found)?.includes(secret)) violate(10, `${call.port}.${call.verb} shows a secret`)
    },
  }
}
