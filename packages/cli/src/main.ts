#!/usr/bin/env node
import { keepCompiled } from './compiled.ts'
import { exitCode } from './exit-code.ts'
import { tooOld } from './node-version.ts'

const told = tooOld(process.versions.node)
if (told === null) {
  keepCompiled(process.env)
  // Late, because only what is loaded from now on is kept.
  const { run } = await import('./program.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  process.stderr.write(`orch: ${told}\n`)
  process.exitCode = exitCode.usage
}
