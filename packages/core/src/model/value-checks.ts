import type { Problem } from './error.ts'
import { nearest } from './nearest.ts'

/** Where a value stands below what is checked. */
export type Path = readonly PropertyKey[]

/** Everything that is wrong with a value that came from outside. */
export type Check = (value: unknown, path: Path) => readonly Problem[]

export const trueOrFalse: Check = (value, path) =>
  typeof value === 'boolean' ? [] : expected('true or false', value, path)

export function oneOf(values: readonly string[]): Check {
  const all = values.map((one) => JSON.stringify(one)).join(' or ')
  return (value, path) => (values.some((one) => one === value) ? [] : expected(all, value, path))
}

export function wholeFrom(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) => {
    if (!Number.isFinite(value)) return expected('a number', value, path)
    if (!Number.isInteger(value)) return expected('a whole number', value, path)
    if (Number(value) > most) return expected(`at most ${most}`, value, path)
    return Number(value) < least ? expected(`at least ${least}`, value, path) : []
  }
}

export const positive: Check = (value, path) => {
  if (!Number.isFinite(value)) return expected('a number', value, path)
  return Number(value) > 0 ? [] : expected('more than 0', value, path)
}

/** A text for which `problem` answers null; otherwise it says what is wrong. */
export function textThat(problem: (given: string) => string | null): Check {
  return (value, path) => {
    if (typeof value !== 'string') return expected('text', value, path)
    const message = problem(value)
    return message === null ? [] : [problemAt(path, message)]
  }
}

/** A command line for a shell. */
export const commandLine: Check = textThat((given) => (given.trim() === '' ? 'must not be empty' : null))

export function listOf(item: Check): Check {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((one, index) => item(one, [...path, index])) : expected('a list', value, path)
}

/** A list that is not empty. */
export function someOf(item: Check): Check {
  const check = listOf(item)
  return (value, path) =>
    Array.isArray(value) && value.length === 0 ? [problemAt(path, 'must not be empty')] : check(value, path)
}

/** Values under names that are free. */
export function namedValues(item: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return expected('an object', value, path)
    return Object.entries(value).flatMap(([name, one]) => {
      const at = [...path, name]
      return name === '' ? [problemAt(at, 'a name must not be empty')] : item(one, at)
    })
  }
}

/**
 * An object in which every field may be left out.
 * @param others names of fields that somebody else checks
 */
export function objectOf(fields: Readonly<Record<string, Check>>, others: readonly string[] = []): Check {
  const known = [...new Set([...Object.keys(fields), ...others])]
  return (value, path) => {
    if (!isObject(value)) return expected('an object', value, path)
    const given = Object.entries(value).filter(([, one]) => one !== undefined)
    return [
      ...Object.entries(fields).flatMap(([name, check]) =>
        given.flatMap(([own, one]) => (own === name ? check(one, [...path, name]) : [])),
      ),
      ...given.flatMap(([name]) => (known.includes(name) ? [] : [unknownName(path, name, known)])),
    ]
  }
}

/** An object in which every one of these fields has to be. */
export function wholeObjectOf(fields: Readonly<Record<string, Check>>): Check {
  const check = objectOf(fields)
  return (value, path) => {
    if (!isObject(value)) return check(value, path)
    const given = new Map(Object.entries(value))
    const missing = Object.keys(fields).filter((name) => given.get(name) === undefined)
    return [...check(value, path), ...missing.map((name) => problemAt([...path, name], 'is missing'))]
  }
}

export function unknownName(path: Path, name: string, known: readonly string[]): Problem {
  const field = fieldAt([...path, name])
  const near = nearest(name, known)
  const advice = near === null ? `known are ${known.join(', ')}` : `did you mean ${near}?`
  return { code: 'unknown-field', field, message: `${field}: there is no such choice; ${advice}` }
}

/** @param message what is wrong, without the place */
export function problemAt(path: Path, message: string): Problem {
  const field = fieldAt(path)
  return { code: 'invalid-value', field, message: field === '' ? message : `${field}: ${message}` }
}

/** A value as a message may quote it. */
export function quoted(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  const text = typeof value === 'string' ? JSON.stringify(value) : value === undefined ? 'nothing' : String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function expected(what: string, value: unknown, path: Path): readonly Problem[] {
  return [problemAt(path, `expected ${what}, not ${quoted(value)}`)]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldAt(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}
