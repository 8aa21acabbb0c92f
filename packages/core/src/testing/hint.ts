import type { TestFramework } from './suite.ts'

interface Watched {
  watch?(options: { readonly onChange: () => void; readonly signal: AbortSignal }): void
}

/** Waits until a watcher was told of `change`, and proves that one whose signal has ended is not. A hint may be lost, so it changes until one comes. */
export async function told(
  { expect }: TestFramework,
  watched: Watched,
  change: (name: string) => Promise<unknown>,
): Promise<void> {
  const over = new AbortController()
  const present = new AbortController()
  let late = 0
  watched.watch?.({ onChange: () => (late += 1), signal: over.signal })
  over.abort()
  let hints = 0
  const hinted = new Promise<void>((resolve) => {
    const onChange = (): void => {
      hints += 1
      resolve()
    }
    watched.watch?.({ onChange, signal: present.signal })
  })
  const limit = performance.now() + 20_000
  for (let round = 0; hints === 0 && performance.now() < limit; round += 1) {
    await change(`change-${round}`)
    await Promise.race([hinted, new Promise((resolve) => setTimeout(resolve, 50))])
  }
  present.abort()
  expect(hints).toBeGreaterThan(0)
  expect(late).toBe(0)
}
