import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface Sizes {
  /** `@orch/core` without what it depends on. */
  readonly own: number
  /** With it, as somebody's bundle holds it. */
  readonly whole: number
  /** `@orch/core/plan`, which depends on nothing. */
  readonly plan: number
}

/** Kilobytes of the built entries, minified and compressed, when all that they export is used. */
export async function coreSizes(): Promise<Sizes> {
  return {
    own: await kilobytesOf('@orch/core', 'external'),
    whole: await kilobytesOf('@orch/core', 'bundle'),
    plan: await kilobytesOf('@orch/core/plan', 'bundle'),
  }
}

async function kilobytesOf(name: string, packages: 'external' | 'bundle'): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(name))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    packages,
    write: false,
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0) / 1000
}
