import { OrchError } from './error.ts'

/** What Node adds to an error of the operating system. */
interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
  readonly path?: string
  readonly dest?: string
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && 'syscall' in error && 'code' in error
}

/** What an error of the operating system means to the caller of a port: which path, and what to do. Any other error is passed on. */
export function outageOf(error: unknown, port: string): unknown {
  if (OrchError.is(error) || !isSystemError(error)) return error
  const { code, syscall } = error
  const path = error.dest ?? error.path ?? `what ${syscall} was to use`
  const made = (kind: 'disk-full' | 'no-access' | 'port-failed', message: string, retryable: boolean): OrchError =>
    new OrchError(kind, message, { port, retryable, cause: error })
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return made('disk-full', fullText(error.dest ?? error.path), true)
    case 'EROFS':
      return made('no-access', `${path} cannot be written: its disk is read-only; make it writable`, false)
    case 'EACCES':
    case 'EPERM':
      return made(
        'no-access',
        `${path} cannot be used (${syscall}: permission denied); check its owner and mode`,
        false,
      )
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'EEXIST':
      return made('no-access', `something else is at or above ${path} (${syscall}: ${code}); move it away`, false)
    case 'EMFILE':
    case 'ENFILE':
      return made('port-failed', `too many files are open (${code}); raise the limit with 'ulimit -n'`, true)
    default:
      return made('port-failed', `${path} could not be used (${syscall}: ${code})`, true)
  }
}

/** A full disk, in the same words whoever finds it. */
export function fullText(path: string | undefined): string {
  const which = path === undefined ? "a disk is full ('df' tells which)" : `the disk of ${path} is full`
  return `${which}: free some space there, and it goes on by itself`
}

/** The same verbs, whose answers fail with what an error of the operating system means. */
export function withOutages<Verbs extends object>(port: string, verbs: Verbs): Verbs {
  const told = Object.entries(verbs).flatMap(([name, verb]) => {
    if (typeof verb !== 'function') return []
    const guarded = (...given: unknown[]): unknown => {
      const answer: unknown = Reflect.apply(verb, verbs, given)
      if (!(answer instanceof Promise)) return answer
      return answer.catch((error: unknown) => {
        throw outageOf(error, port)
      })
    }
    return [[name, guarded]]
  })
  return { ...verbs, ...Object.fromEntries(told) }
}
