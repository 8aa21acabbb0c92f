import { describe, expect, it } from 'vitest'
import { shortDuration, stopwatch } from '../src/print/duration.ts'
import { jsonDocument } from '../src/print/json.ts'
import { plain, plainLines, shellWord } from '../src/print/plain.ts'
import { displayWidth, fit } from '../src/print/width.ts'

describe('text', () => {
  it('is plain', () => {
    expect(plain('a\tb\r\nc\u0000\u001b[1md\u2066e')).toBe('a b cde')
    expect(plainLines('a\r\n\tb  \n')).toEqual(['a', '  b', ''])
  })

  it('is a shell word', () => {
    expect(shellWord('bd-a3f8.1')).toBe('bd-a3f8.1')
    expect(shellWord('-rf')).toBe('-- -rf')
    expect(shellWord("x'; rm -rf /")).toBe(`'x'\\''; rm -rf /'`)
  })

  it('has a width', () => {
    expect(['abc', '日本', 'é', '👍', '−', 'e\u0301'].map(displayWidth)).toEqual([3, 4, 1, 2, 1, 1])
    expect(fit('日本語', 5)).toBe('日本…')
    expect(fit('日本語', 4)).toBe('日…')
    expect(fit('abc', 0)).toBe('')
  })

  it('tells times', () => {
    expect([-1, 59_999, 60_000, 3_599_999, 7_200_000, 90_000_000].map(shortDuration)).toEqual([
      '0s',
      '59s',
      '1m',
      '59m',
      '2h',
      '1d',
    ])
    expect([0, 61_000, 3_723_000].map(stopwatch)).toEqual(['0:00', '1:01', '1:02:03'])
  })

  it('is safe as JSON and means the same', () => {
    const value = { title: '\u009b31m\u202Eevil\u2028' }
    expect(jsonDocument(value)).not.toMatch(/[\u0080-\u009f\u202e\u2028]/)
    expect(JSON.parse(jsonDocument(value))).toEqual(value)
  })
})
