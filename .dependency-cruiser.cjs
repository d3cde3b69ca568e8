// One table says which room may import which; ARCHITECTURE.md shows the same map.
const rooms = {
  domain: [],
  process: [],
  manifest: ['domain'],
  barrier: ['domain', 'process'],
  evaluation: ['domain', 'barrier', 'process'],
  service: ['domain', 'process'],
  agent: ['domain', 'barrier', 'process'],
  journal: ['domain'],
  orchestrator: ['domain', 'barrier'],
  report: ['domain'],
};
const all = Object.keys(rooms).join('|');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, may]) => ({
      name: `${room}-imports-only-${may.join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: `^src/(${all}|cli)/`,
        pathNot: `^src/(${[room, ...may].join('|')})/`,
      },
    })),
    {
      name: 'rooms-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/zod' },
    },
    {
      name: 'only-process-spawns',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(process|evaluation/child)/' },
      to: { path: '^(node:)?child_process$|node_modules/(execa|tree-kill)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
