#!/usr/bin/env node
import { keepCompiled } from './compiled.ts'

keepCompiled(process.env)
// Late, because only what is loaded from now on is kept.
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
