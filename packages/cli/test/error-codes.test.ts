import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorList } from '@orch/core'
import { expect, it } from 'vitest'
import { callErrors } from '../src/call-errors.ts'

const packages = join(import.meta.dirname, '../..')
/** The lists themselves use nothing. */
const isList = /errors\/|call-errors|failure-exit/
const sources = globSync('*/src/**/*.ts', { cwd: packages }).filter((file) => !isList.test(file))
const text = sources.map((file) => readFileSync(join(packages, file), 'utf8')).join('\n')

// That every code in use is in a list, the types see to.
it.each(Object.entries({ ...errorList, call: callErrors }))(
  'every code of the list "%s" is used somewhere',
  (_kind, list) => {
    const unused = Object.keys(list).filter((code) => !text.includes(`'${code}'`))
    expect(unused).toEqual([])
  },
)

it('every code says when and what to do, in sentences', () => {
  for (const list of [...Object.values(errorList), callErrors]) {
    for (const [code, { when, help }] of Object.entries(list)) {
      expect([code, when], code).toEqual([
        expect.stringMatching(/^[a-z-]+$/),
        expect.stringMatching(/^[\p{Lu}`].+\.$/u),
      ])
      expect(help, code).toMatch(/^[\p{Lu}`].+\.$/u)
    }
  }
})
