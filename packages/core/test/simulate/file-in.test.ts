import fc from 'fast-check'
import { expect, it } from 'vitest'
import { covers } from '../../src/plan/scope.ts'
import { fileIn } from '../../src/testing/simulate/file-in.ts'
import { globs } from '../plan/glob-arbitrary.ts'

it('simulated agents change files of their scope, named after their task where its patterns leave a name open', () => {
  expect(fileIn('src/*.tsx', 'label')).toBe('src/label.tsx')
  expect(fileIn('src/auth/**', 'label')).toBe('src/auth/label')
  expect(fileIn('src/Button.tsx', 'label')).toBe('src/Button.tsx')
  fc.assert(fc.property(globs, (glob) => covers([glob], fileIn(glob, 'label'))))
})
