/**
 * The direction of dependencies, type-only imports included: adapters → core, and inside core
 * run → ports → model, run → decide → plan → model, testing → everything.
 */

/** Files of one folder of core may import from the named folders only: nothing else of ours, and with `pure` nothing at all. */
function layer(name, comment, allowed, { pure = false } = {}) {
  const inside = `^packages/core/src/(${[name, ...allowed].join('|')})/`
  return {
    name: `core-${name}`,
    comment,
    severity: 'error',
    from: { path: `^packages/core/src/${name}/` },
    to: pure ? { pathNot: inside } : { path: '^(packages|examples|scripts|bench)/', pathNot: inside },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },

    layer('model', 'The model knows nothing else of ours.', []),
    {
      name: 'core-model-packages',
      comment: 'The model is data: no node:*, and of other packages only zod and @noble/hashes.',
      severity: 'error',
      from: { path: '^packages/core/src/model/' },
      to: { pathNot: ['^packages/', '(^|/)node_modules/(zod|@noble/hashes)/'] },
    },
    layer('plan', 'Planning is pure and runs in a browser: the model, no package, no node:*.', ['model'], {
      pure: true,
    }),
    layer('draw', 'Pictures are made of a plan.', ['plan', 'model']),
    {
      name: 'core-draw-packages',
      comment: 'Drawing is pure: no node:*, and of other packages only what lays graphs out and what hashes.',
      severity: 'error',
      from: { path: '^packages/core/src/draw/' },
      to: { pathNot: ['^packages/', '(^|/)node_modules/(@dagrejs/(dagre|graphlib)|@noble/hashes)/'] },
    },
    {
      name: 'draw-is-loaded-late',
      comment: 'Laying graphs out is a lot to load, and only `orch graph` needs it.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/core/src/draw/' },
      to: { path: '^packages/core/src/draw/', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    layer('decide', 'Deciding is pure: plan and model, no package, no node:*.', ['plan', 'model'], { pure: true }),
    layer('ports', 'Ports speak in words of the model.', ['model']),
    {
      name: 'core-ports-types',
      comment: 'A port is a shape: what it takes from the model are types.',
      severity: 'error',
      from: { path: '^packages/core/src/ports/' },
      to: {
        path: '^packages/core/src/',
        pathNot: '^packages/core/src/ports/',
        dependencyTypesNot: ['type-only', 'type-import'],
      },
    },
    layer('run', 'The run loop knows ports, not who implements them.', ['ports', 'decide', 'plan', 'model']),
    {
      name: 'core-testing-apart',
      comment: 'Test doubles never become part of what runs; only `orch simulate` plays with them.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: ['^packages/core/src/testing/', '^packages/cli/src/(simulated|print/simulation)\\.ts$'],
      },
      to: { path: '^packages/core/src/testing/' },
    },
    {
      name: 'simulating-is-loaded-late',
      comment: 'No other command loads the simulator.',
      severity: 'error',
      from: { path: '^packages/cli/src/' },
      to: { path: '^packages/core/src/testing/', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'core-alone',
      comment: 'Core knows no adapter and no command line.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^(packages|examples|scripts|bench)/', pathNot: '^packages/core/' },
    },
    {
      name: 'adapters-are-strangers',
      comment: 'An adapter knows core, and neither another adapter nor the command line.',
      severity: 'error',
      from: { path: '^packages/(adapter-[^/]+|agents)/' },
      to: { path: '^(packages|examples|scripts|bench)/', pathNot: '^packages/(core|$1)/' },
    },
    {
      name: 'disk-is-below',
      comment: 'How files are looked at is the same for processes, git and the database, and needs none of them.',
      severity: 'error',
      from: { path: '^packages/adapter-local/src/disk/' },
      to: { path: '^packages/', pathNot: '^packages/adapter-local/src/disk/' },
    },
    {
      name: 'nobody-needs-a-bench',
      comment: 'A benchmark measures what there is; nothing that runs depends on one.',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'only-cli-and-examples-know-adapters',
      severity: 'error',
      from: { pathNot: ['^packages/(adapter-[^/]+|agents|cli)/', '^(examples|bench)/'] },
      to: { path: '^packages/(adapter-[^/]+|agents)/' },
    },
    {
      name: 'entries-only',
      comment:
        'Another package is what its entries export; the benchmark of the planner also measures what is below them.',
      severity: 'error',
      from: { path: '^(?:packages/)?([^/]+)/', pathNot: '^bench/plan/' },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/core/src/(plan|draw|testing)/index\\.ts$',
        ],
      },
    },
    {
      name: 'sqlite-is-loaded-late',
      comment: 'node:sqlite prints a warning on import in Node 22; importing a package of ours prints nothing.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^(node:)?sqlite$', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'no-drawer',
      comment: 'A file is named by what it is about, it is no drawer for the rest.',
      severity: 'error',
      from: {},
      to: { path: '(^|[/-])(util|helper)s?[/.-]', pathNot: '(^|/)node_modules/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // `scripts/consumer` is checked where it belongs: in a project that installed the packages.
    exclude: { path: ['^packages/[^/]+/dist/', '^scripts/consumer/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@orch/source', 'types', 'node', 'import', 'default'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
}
