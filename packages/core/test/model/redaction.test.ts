import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redaction, secretsIn } from '../../src/model/redaction.ts'

/** The mark's own characters are left out: a secret made of them would be found in the mark. */
const secrets = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 60 })
  .filter((text) => text === text.trim() && !/[[\]\r\n]/.test(text) && !'[redacted]'.includes(text))
  .filter((text) => [...text].length >= 6)
const around = fc.string({ unit: 'binary' })
const wellFormed = fc.string({ unit: 'grapheme' })
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

describe('redaction', () => {
  it('leaves no secret in a text, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.array(secrets, { minLength: 1, maxLength: 4 }), fc.array(around), (values, texts) => {
        const clean = redaction(values)(texts.map((text, at) => text + (values[at % values.length] ?? '')).join(''))
        for (const value of values) expect(clean).not.toContain(value)
      }),
    )
  })

  it('leaves none in an address, in JSON and in base64, wherever it begins', () => {
    fc.assert(
      fc.property(secrets, wellFormed, wellFormed, (value, before, after) => {
        const redact = redaction([value])
        const text = before + value + after
        const inForm = (part: string) => new URLSearchParams({ '': part }).toString().slice(1)
        for (const encode of [encodeURIComponent, encodeURI, inForm, inJson])
          expect(redact(encode(text))).not.toContain(encode(value))
        for (const form of ['base64', 'base64url'] as const) {
          expect(redact(Buffer.from(text).toString(form))).toContain('[redacted]')
        }
      }),
    )
  })

  it('finds one with a tilde in a form', () => {
    expect(redaction(['a~b-c~d'])(new URLSearchParams({ q: 'a~b-c~d' }).toString())).toBe('q=[redacted]')
  })

  it('finds a secret that a line break goes through', () => {
    const redact = redaction(['hunter2-hunter2'])
    expect(redact('is hunter2-\nhunter2?')).toBe('is [redacted]?')
    const wrapped = Buffer.from(`${'x'.repeat(50)}hunter2-hunter2`)
      .toString('base64')
      .replace(/(.{76})/, '$1\r\n')
    expect(redact(wrapped)).toContain('[redacted]')
  })

  it('finds the lines of a key by themselves, and leaves short values', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'
    expect(redaction([`-----BEGIN-----\n${line}\n-----END-----\n`])(`a ${line} b`)).toBe('a [redacted] b')
    expect(redaction(['ok', ''])('it is ok')).toBe('it is ok')
  })

  it('is of variables that are named, or named like secrets, and of passwords in addresses', () => {
    const environment = {
      NPM_TOKEN: 'token-1',
      STRIPE_KEY: 'key-001',
      PGPASSWORD: 'password-1',
      DATABASE_URL: 'postgres://me:p%40ssword@db/x',
      MAX_TOKENS: '100000',
      KEYBOARD: 'german',
      PLAIN: 'plain',
      MINE: 'mine',
      GONE: undefined,
    }
    expect(secretsIn(environment, ['MINE'])).toEqual([
      'token-1',
      'key-001',
      'password-1',
      'p%40ssword',
      'p@ssword',
      'mine',
    ])
  })

  it('finds a PIN that was named, and leaves other short values', () => {
    const environment = { DB_PIN: '4711', BRANCH_KEY: 'main', TWO: 'https://me:pass@host' }
    const redact = redaction(secretsIn(environment, ['DB_PIN']))
    expect(redact('the PIN of main is 4711, so pass')).toBe('the PIN of main is [redacted], so pass')
  })
})
