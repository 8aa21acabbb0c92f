import { utf8ToBytes } from '@noble/hashes/utils.js'

/** Takes every value that is known as a secret out of a text. */
export type Redact = (text: string) => string

const mark = '[redacted]'

/** Shorter ones are parts of ordinary words. Characters. */
const shortest = 6
/** The same for what somebody has called a secret: a PIN. Characters. */
const shortestNamed = 3
/** Of a longer value its lines are looked for, not all of it. Characters. */
const longest = 4096
/** Lines of a key that are told from ordinary text. Characters. */
const shortestLine = 16

const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|_PASS$|(^|_)(API|ACCESS|AUTH|SIGNING)?_?KEY$|(^|_)AUTH$/i
/** More are no key. */
const mostLines = 200
/** `MAX_TOKENS=100000` is none. */
const harmless = /^(\d{1,9}|true|false)$/i
const inAddress = /:\/\/[^\s/:@]*:([^\s/@]+)@/g

/**
 * Values of variables that are secrets: those that `names` names, and of 6 characters or more those whose own name says so (`*_TOKEN`, `*_KEY`, …), and
 * passwords in addresses.
 */
export function secretsIn(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = [],
): readonly string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    if (names.includes(name)) return [value, ...passwordsIn(value)]
    const found = secretName.test(name) && !harmless.test(value) ? [value, ...passwordsIn(value)] : passwordsIn(value)
    return found.filter((each) => each.trim().length >= shortest)
  })
}

function passwordsIn(value: string): readonly string[] {
  return [...value.matchAll(inAddress)].flatMap(([, password = '']) => [password, decoded(password)])
}

/** There is nothing to take out. */
export const keepAll: Redact = (text) => text

/**
 * For these values, and what they become in an address, in JSON and in base64, wherever that begins and wherever the line is broken. Values of less than 3
 * characters are left, and those of less than 6 in base64.
 */
export function redaction(values: readonly string[]): Redact {
  // At one place the longest is taken: one may contain another.
  const parts = [...new Set(values.flatMap(partsOf))].sort((a, b) => b.length - a.length)
  if (parts.length === 0) return keepAll
  const patterns = parts.map((part) => new RegExp(formsOf(part).join('|'), 'gu'))
  return (text) => patterns.reduce((clean, pattern) => clean.replace(pattern, mark), text)
}

function partsOf(value: string): readonly string[] {
  const whole = value.trim()
  const lines = whole.split(/\r?\n/).map((line) => line.trim())
  return [
    ...(whole.length >= shortestNamed && whole.length <= longest ? [whole] : []),
    ...(lines.length > 1
      ? lines.slice(0, mostLines).filter((line) => line.length >= shortestLine && line.length <= longest)
      : []),
  ]
}

const broken = '(?:\\r?\\n)?'

/** As patterns. */
function formsOf(value: string): readonly string[] {
  // Half a character has no UTF-8.
  const text = value.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
  const plain = [...text].map((character) => {
    const forms = [...formsOfOne(character)].map(literal)
    return forms.length === 1 ? forms.join() : `(?:${forms.join('|')})`
  })
  if (text.length < shortest) return [plain.join('')]
  return [plain.join(broken), ...base64Of(text).map((form) => [...form].map(literal).join(broken))]
}

/** Each character may be escaped, whatever the others are; the longest first. Nothing escapes letters and digits; forms escape `~`, addresses do not. */
function formsOfOne(character: string): ReadonlySet<string> {
  if (/^[\w.-]$/.test(character)) return new Set([character])
  const bytes = [...utf8ToBytes(character)].map((byte) => byte.toString(16).padStart(2, '0'))
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  const escaped = [bytes.map((byte) => `%${byte}`).join(''), units.map((unit) => `\\u${unit}`).join('')]
  return new Set([
    ...escaped.flatMap((form) => [form, form.replaceAll(/[a-f]/g, (digit) => digit.toUpperCase())]),
    JSON.stringify(character).slice(1, -1),
    character,
    ...(character === ' ' ? ['+'] : []),
  ])
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** What does not depend on what stands before and behind, at each of the three places where it can begin. */
function base64Of(text: string): readonly string[] {
  const bytes = Array.from(utf8ToBytes(text), (byte) => String.fromCharCode(byte)).join('')
  return [0, 1, 2].flatMap((before) => {
    const encoded = btoa('\0'.repeat(before) + bytes)
    const certain = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    return [...new Set([certain, certain.replaceAll('+', '-').replaceAll('/', '_')])]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a percent sign that begins no escape: it stands for itself
  }
}
