type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Ctrl-C and its relatives while a run goes on. The second one is another wish than the first, the third ends the process. */
export interface Interruption extends Disposable {
  /** Aborted by the first signal, with its name as the reason. */
  readonly first: AbortSignal
  /** Aborted by a second SIGINT. */
  readonly second: AbortSignal
}

export function listenForInterruption(): Interruption {
  const first = new AbortController()
  const second = new AbortController()
  const leave = (): void => {
    for (const name of names) process.off(name, listener)
  }
  const listener = (name: Signal): void => {
    if (!first.signal.aborted) {
      first.abort(name)
      return
    }
    if (name !== 'SIGINT') return
    second.abort(name)
    // Whoever presses it once more does not want to wait: Node's own answer ends the process.
    leave()
  }
  for (const name of names) process.on(name, listener)
  return { first: first.signal, second: second.signal, [Symbol.dispose]: leave }
}

const names: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Resolves when `signal` is aborted, or after `ms`. */
export function abortedWithin(signal: AbortSignal, ms: number): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true)
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve(signal.aborted)
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
