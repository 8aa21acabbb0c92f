/** What the demo's agent writes for each task: the files, as text or as a change to what is there. */
export type Edit = string | ((before: string) => string)

function testFile(imported: string, file: string, sentence: string, assertion: string): string {
  return [
    "import assert from 'node:assert/strict'",
    "import { test } from 'node:test'",
    `import { ${imported} } from '../src/${file}.ts'`,
    '',
    `test('${sentence}', () => {`,
    `  ${assertion}`,
    '})',
    '',
  ].join('\n')
}

export const work: Readonly<Record<string, Readonly<Record<string, Edit>>>> = {
  length: {
    'src/length.ts': 'export function metresToFeet(metres: number): number {\n  return metres / 0.3048\n}\n',
    'test/length.test.ts': testFile(
      'metresToFeet',
      'length',
      'a foot is 0.3048 m',
      'assert.equal(metresToFeet(0.3048), 1)',
    ),
  },
  weight: {
    'src/weight.ts': 'export function kilosToPounds(kilos: number): number {\n  return kilos / 0.45359237\n}\n',
    'test/weight.test.ts': testFile(
      'kilosToPounds',
      'weight',
      'a pound is 0.45 kg',
      'assert.equal(kilosToPounds(0.45359237), 1)',
    ),
  },
  docs: {
    'README.md': (before) => `${before}\nRun its tests with \`node --test\`.\n`,
  },
  round: {
    'src/format.ts': (before) =>
      before
        .replace('format(value: number, unit: string)', 'format(value: number, unit: string, digits = 2)')
        .replace('${value}', '${Number(value.toFixed(digits))}'),
    'test/round.test.ts': testFile(
      'format',
      'format',
      'values are rounded',
      "assert.equal(format(1.23456, 'kg'), '1.23 kg')",
    ),
  },
  sign: {
    'src/format.ts': (before) =>
      `${before}\nexport function signed(value: number, unit: string): string {\n  return (value > 0 ? '+' : '') + format(value, unit)\n}\n`,
    'test/sign.test.ts': testFile('signed', 'format', 'a gain has a plus', "assert.equal(signed(2, 'm'), '+2 m')"),
  },
  parse: {
    'src/parse.ts': [
      'export function parse(text: string): { value: number; unit: string } {',
      "  const [value = '', unit = ''] = text.trim().split(/\\s+/)",
      '  return { value: Number(value), unit }',
      '}',
      '',
    ].join('\n'),
    'test/parse.test.ts': testFile(
      'parse',
      'parse',
      'value and unit are told apart',
      "assert.deepEqual(parse('3 km'), { value: 3, unit: 'km' })",
    ),
  },
  sum: {
    'src/sum.ts': [
      "import { parse } from './parse.ts'",
      '',
      'export function sum(...texts: readonly string[]): number {',
      '  return texts.reduce((total, text) => total + parse(text).value, 0)',
      '}',
      '',
    ].join('\n'),
    'test/sum.test.ts': testFile('sum', 'sum', 'values are added', "assert.equal(sum('1 m', '2 m'), 3)"),
  },
  currency: {
    'src/currency.ts':
      "export function amount(cents: number): string {\n  return `${(cents / 100).toFixed(2)} ${'CURRENCY'}`\n}\n",
    'test/currency.test.ts': testFile(
      'amount',
      'currency',
      'cents become an amount',
      "assert.equal(amount(1234), '12.34 CURRENCY')",
    ),
  },
}
