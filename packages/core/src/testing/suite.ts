/**
 * What a conformance suite needs of a test framework, passed in so that this package depends on none. Vitest and Jest fit as
 * they are: `taskSourceSuite({ describe, it, expect }, () => myQueue())`.
 */
export interface TestFramework {
  describe(name: string, body: () => void): unknown
  readonly it: TestFunction
  expect(value: unknown): Expectation
}

export interface TestFunction {
  (name: string, body: () => Promise<void> | void): unknown
  skip(name: string, body: () => Promise<void> | void): unknown
}

export interface Expectation {
  readonly not: Expectation
  toBe(expected: unknown): unknown
  toEqual(expected: unknown): unknown
  toMatchObject(expected: object): unknown
  toContain(expected: unknown): unknown
  toHaveLength(expected: number): unknown
  toBeGreaterThan(expected: number): unknown
}

/** What an adapter cannot do, by the suite's name for it, and why. The suite reports those tests as skipped. */
export type Lacks<What extends string> = Readonly<Partial<Record<What, string>>>

/** `it`, or `it.skip` with the reason in its name when `why` tells one. */
export function itUnless(
  { it }: Pick<TestFramework, 'it'>,
  why: string | undefined,
  name: string,
  body: () => Promise<void> | void,
): void {
  if (why === undefined) it(name, body)
  else it.skip(`${name} (skipped: ${why})`, body)
}

/** Ends what a factory made, where it can be ended. */
export async function disposeOf(made: object): Promise<void> {
  const ending: Partial<AsyncDisposable & Disposable> = made
  if (ending[Symbol.asyncDispose] !== undefined) await ending[Symbol.asyncDispose]?.()
  else ending[Symbol.dispose]?.()
}
