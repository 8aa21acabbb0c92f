import { readFileSync, writeFileSync } from 'node:fs'
import { errorsPage } from '../packages/cli/test/errors-page.ts'

/** Writes `docs/errors.md`; with `--check` only says whether it is what the code says. */
const file = 'docs/errors.md'
const page = errorsPage()
if (!process.argv.includes('--check')) writeFileSync(file, page)
else if (readFileSync(file, 'utf8') !== page) {
  console.log(`${file} is not what the code says: run pnpm errors`)
  process.exitCode = 1
}
