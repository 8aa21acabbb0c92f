import { isBuiltin } from 'node:module'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Functions of modules that take long to load and that a short command may never call. */
const late: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['fork', 'spawn', 'spawnSync'],
  'node:crypto': ['createHash', 'randomBytes', 'randomUUID'],
  'node:v8': ['setFlagsFromString'],
  'node:zlib': ['createInflate', 'deflate', 'inflate'],
}

const ours = /\/packages\/[^/]+\/src\/|\/node_modules\/commander\//

/**
 * An `import` of a module of Node's own reads everything that the module has, and so loads the streams of files, three ways of
 * encryption and whatever else is loaded when it is first looked at. The command takes only what it names, and some when it is called.
 */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, importer, kind }) => {
      if (kind !== 'import-statement' || !isBuiltin(path) || !ours.test(importer)) return undefined
      const name = path.startsWith('node:') ? path : `node:${path}`
      // One for every importer: what they share would become a file of its own, which takes longer to find than to run.
      return { path: `${name} for ${importer}`, namespace: 'builtin', pluginData: name, sideEffects: false }
    })
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ pluginData }) => ({
      contents: pluginData in late ? lateText(pluginData, late[pluginData] ?? []) : text(pluginData),
    }))
  },
}

function text(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => /^[a-z_]\w*$/i.test(name))
  const picked = names.filter((name) => name !== 'default').map((name) => `, ${name} = /* @__PURE__ */ pick('${name}')`)
  return `const all = /* @__PURE__ */ process.getBuiltinModule('${path}')
const pick = (name) => all[name]
export const _ = 0${picked.join('')}
export default all`
}

function lateText(path: string, names: readonly string[]): string {
  const called = names.map((name) => `export const ${name} = (...given) => all().${name}(...given)`)
  return `const all = () => process.getBuiltinModule('${path}')
${called.join('\n')}
export default { ${names.join(', ')} }`
}
