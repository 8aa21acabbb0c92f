import type { ReviewHost } from '../ports/review-host.ts'
import { disposeOf, type TestFramework } from './suite.ts'

const signal = new AbortController().signal
const head = (digit: string): string => digit.repeat(40)

/** What every review host promises. `factory` makes a host without reviews for each test; its branches exist. */
export function reviewHostSuite<Some extends ReviewHost>(
  { describe, it, expect }: TestFramework,
  factory: () => Some | Promise<Some>,
): void {
  const test = (name: string, body: (host: Some) => Promise<void>): unknown =>
    it(name, async () => {
      const host = await factory()
      try {
        await body(host)
      } finally {
        await disposeOf(host)
      }
    })
  const open = (host: Some, oid: string) =>
    host.open({ branch: 'orch/a', head: oid, title: 'Add a', body: 'It adds a.', signal })
  const seen = async (host: Some) => (await host.observe({ branches: ['orch/a', 'orch/b'], signal })).get('orch/a')

  describe('review host', () => {
    test('a branch without a review has none', async (host) => {
      expect(await seen(host)).toBe(undefined)
    })

    test('an opened review is seen, with its head and where to read it', async (host) => {
      const opened = await open(host, head('1'))
      expect(opened.ok).toBe(true)
      expect(await seen(host)).toMatchObject({ head: head('1'), state: 'open' })
    })

    test('opening twice is opening once', async (host) => {
      const first = await open(host, head('1'))
      const second = await open(host, head('1'))
      expect(second).toEqual(first)
    })

    test('a review follows its branch to another head', async (host) => {
      const first = await open(host, head('1'))
      const second = await open(host, head('2'))
      expect(second).toEqual(first)
      expect(await seen(host)).toMatchObject({ head: head('2'), state: 'open' })
    })

    test('a closed review is seen as closed, and closing again changes nothing', async (host) => {
      await open(host, head('1'))
      await host.close({ branch: 'orch/a', signal })
      await host.close({ branch: 'orch/a', signal })
      expect(await seen(host)).toMatchObject({ state: 'closed' })
    })

    test('closing what was never opened is no error', async (host) => {
      await host.close({ branch: 'orch/b', signal })
      expect(await seen(host)).toBe(undefined)
    })
  })
}
