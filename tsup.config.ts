import { resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { builtins } from './scripts/builtins.ts'

/** Everything that a package names in its `dependencies` stays an import. */
const external = [/^[^./]/]

function build(name: string, entry: Record<string, string>, options: Options = {}): Options {
  const from = `packages/${name}`
  return {
    name,
    entry: Object.fromEntries(Object.entries(entry).map(([to, path]) => [to, `${from}/src/${path}`])),
    outDir: `${from}/dist`,
    format: 'esm',
    target: 'node22',
    // The consumer's `lib` may know no `Symbol.asyncDispose`, which our types name.
    dts: { banner: '/// <reference lib="esnext.disposable" />' },
    external,
    skipNodeModulesBundle: true,
    ...options,
  }
}

/** In a bundle of its own: what it shares with the rest would become files that every command loads. */
const drawApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'draw-apart',
  setup(build) {
    build.onResolve({ filter: /^@orch\/core\/draw$/ }, () => ({ path: './draw.js', external: true }))
  },
}

export default defineConfig([
  build('core', { index: 'index.ts', 'draw/index': 'draw/index.ts', 'testing/index': 'testing/index.ts' }),
  // A bundle of its own, so that it shares no chunk with code that has dependencies: it runs in a browser.
  build(
    'core',
    { 'plan/index': 'plan/index.ts' },
    { name: 'core/plan', platform: 'neutral', target: 'es2023', splitting: false },
  ),
  build('adapter-local', { index: 'index.ts', spawner: 'spawn/main.ts' }),
  build('adapter-beads', { index: 'index.ts' }),
  build('cli', { index: 'index.ts' }),
  // The command has everything in a few files: finding and linking hundreds of modules takes longer than what a short one does.
  build(
    'cli',
    { main: 'main.ts', spawner: '../../adapter-local/src/spawn/main.ts' },
    {
      name: 'cli/main',
      dts: false,
      external: [],
      noExternal: [/./],
      skipNodeModulesBundle: false,
      minify: true,
      // Kept, so that the plug-in sees it.
      removeNodeProtocol: false,
      esbuildPlugins: [builtins, drawApart],
      esbuildOptions(options) {
        // What Node is given are a hundred CommonJS modules, which cannot be joined.
        options.alias = { yaml: resolve('packages/cli/node_modules/yaml/browser/dist/index.js') }
        options.conditions = ['@orch/source', 'module', 'import', 'node']
      },
      // For what is still CommonJS.
      banner: { js: "import { createRequire as load } from 'node:module'; const require = load(import.meta.url);" },
    },
  ),
  build(
    'cli',
    { draw: '../../core/src/draw/index.ts' },
    {
      name: 'cli/draw',
      dts: false,
      external: [],
      noExternal: [/./],
      skipNodeModulesBundle: false,
      minify: true,
      splitting: false,
      esbuildOptions(options) {
        options.conditions = ['@orch/source', 'module', 'import', 'node']
      },
    },
  ),
])
