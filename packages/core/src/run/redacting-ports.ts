import { keepAll, type Redact } from '../model/redaction.ts'
import type { Ports } from './ports.ts'
import { redacted, redactedError, redactedNames } from './redacted.ts'

/** The same ports, through which no secret passes: neither in what they are given, nor in what they answer for people, nor in an error. */
export function redactingPorts(ports: Ports, redact: Redact): Ports {
  if (redact === keepAll) return ports
  return {
    ...ports,
    queue: redacting(ports.queue, redact),
    vcs: redacting(ports.vcs, redact),
    runner: redacting(ports.runner, redact),
    review: ports.review === null ? null : redacting(ports.review, redact),
    board: ports.board === null ? null : redacting(ports.board, redact),
  }
}

/** Tasks and records stay as they are read: what is compared with the source has to be what the source has. */
const compared = new Set<PropertyKey>(['list', 'read', 'history'])

/** What these say of files is told and stored, and opens none. */
const tells = new Set<PropertyKey>(['seal', 'changes', 'predict', 'buildCandidate', 'kept', 'keptChanges'])

function redacting<Port extends object>(port: Port, redact: Redact): Port {
  const guarded = new Map<unknown, unknown>()
  // Not of the port itself, which may be frozen.
  return new Proxy({} as Port, {
    has: (_, name) => Reflect.has(port, name),
    get(_, name) {
      const verb: unknown = Reflect.get(port, name)
      if (typeof verb !== 'function') return verb
      const known = guarded.get(verb)
      if (known !== undefined) return known
      const made = (...given: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(
          verb,
          port,
          given.map((each) => redacted(each, redact)),
        )
        if (!(answer instanceof Promise)) return answer
        return answer.then(
          (value: unknown) => {
            if (compared.has(name)) return value
            return tells.has(name) ? redactedNames(value, redact) : redacted(value, redact)
          },
          (error: unknown) => {
            throw redactedError(error, redact)
          },
        )
      }
      guarded.set(verb, made)
      return made
    },
  })
}
