import type { Clock } from '../../ports/clock.ts'
import type { Call } from './call.ts'

/** What happened, line by line, when somebody wants to read it. */
export class Trace {
  readonly lines: string[] = []
  readonly #clock: Clock
  readonly #on: boolean

  constructor(clock: Clock, on: boolean) {
    this.#clock = clock
    this.#on = on
  }

  /** @param what text, or what makes one: nothing is made when nobody reads */
  say(who: string, what: () => string): void {
    if (!this.#on) return
    const seconds = (this.#clock.elapsed() / 1000).toFixed(3).padStart(8)
    this.lines.push(`${seconds} s  ${who.padEnd(9)} ${what()}`)
  }
}

/** What a call is about, in a few words. */
export function callText({ port, verb, options }: Call): string {
  const about = [options.id, options.name, options.workspace, options.key, options.owner].find((it) => it !== undefined)
  const next = port === 'queue' && verb === 'write' ? ` to ${options.next.phase}: ${options.next.run.why}` : ''
  return `${port}.${verb}${about === undefined ? '' : ` ${about}`}${next}`
}

export function answerText(answer: unknown): string {
  if (typeof answer === 'string') return answer
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return 'answered'
  if (answer.ok === true) return 'ok'
  const { reason, detail } = answer as { readonly reason?: string; readonly detail?: string }
  return detail === undefined ? String(reason) : `${reason} (${detail})`
}
