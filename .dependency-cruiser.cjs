// One table, scripts/rooms.json, says which room may import which; the map in ARCHITECTURE.md is made of the same table.
const table = require('./scripts/rooms.json');

const all = Object.keys(table).join('|');
const strict = Object.entries(table).filter(([, { may }]) => !may.includes('*'));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...strict.map(([room, { may }]) => ({
      name: `${room}-imports-only-${may.join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${all})/`, pathNot: `^src/(${[room, ...may].join('|')})/` },
    })),
    {
      name: 'rooms-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/[^/]+/',
        // The check runner carries its own routes, and must not load a whole room to start.
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/barrier/network/carry\\.ts$'],
      },
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
      from: { path: '^src/', pathNot: '^src/(process/|barrier/network/bridge\\.ts$)' },
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
