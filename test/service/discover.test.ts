import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tree } from '../../src/service/index.ts';
import { discover, treeIn } from '../../src/service/index.ts';

const treeOf = (files: Readonly<Record<string, string>>): Tree => ({
  read: (path) => files[path] ?? null,
  list: (path) => {
    const prefix = path === '' ? '' : `${path}/`;
    const inside = Object.keys(files).filter((file) => file.startsWith(prefix));
    return [...new Set(inside.map((file) => file.slice(prefix.length).split('/')[0] ?? ''))];
  },
});
const found = (files: Readonly<Record<string, string>>) => discover(treeOf(files));
const packageJson = (content: object) => ({ 'package.json': JSON.stringify(content) });

describe('instructions for agents', () => {
  const cases: [string, string, string | null, number | null][] = [
    [
      'a fence under a heading',
      '# Dev\n\nInstall:\n\n```sh\nnpm ci\n```\n\n## Start the server\n\n```sh\n$ npm run dev\n```\nIt is on http://localhost:4000.',
      'npm run dev',
      4000,
    ],
    [
      'inline code',
      'Run the tests with `npm test`. Start the service with `node src/server.js` (port 3000).',
      'node src/server.js',
      3000,
    ],
    [
      'a list',
      '- Test: `npm test`\n- Dev server: `npm run start:dev`, listens on port **8080**\n- Lint: `npm run lint`',
      'npm run start:dev',
      8080,
    ],
    [
      'a table',
      '| task | command |\n|---|---|\n| build | `make build` |\n| start the API | `make serve` |',
      'make serve',
      null,
    ],
    [
      'comments in one fence',
      '```bash\nnpm install\nnpm run build   # compile\nnpm start       # start the server on port 5001\n```',
      'npm start',
      5001,
    ],
    [
      'a comment above',
      '```bash\n# run the tests\npytest\n# start the API server\nuvicorn app.main:app --port 8000\n```',
      'uvicorn app.main:app --port 8000',
      8000,
    ],
    ['an assigned port', 'Start the server: `PORT=3456 npm start &`', 'npm start', 3456],
    [
      'a tool, no server',
      'Run it: `node src/cli.js words.txt`. Run the tests: `npm test`.',
      null,
      null,
    ],
    ['only tests', '## Running the server tests\n\n```sh\nnpm run test:server\n```', null, null],
    ['prose', 'The server starts by itself on port 3000.', null, null],
  ];
  test.each(cases)('%s', (_, text, command, port) => {
    const expected = command === null ? null : { command, port, source: 'AGENTS.md' };
    expect(found({ 'AGENTS.md': text })).toEqual(expected);
  });

  test('come before scripts, CLAUDE.md before AGENTS.md', () => {
    const files = {
      'CLAUDE.md': 'Start the server with `npm run one`.',
      'AGENTS.md': 'Start the server with `npm run two`.',
      ...packageJson({ scripts: { start: 'node x.js' } }),
    };
    expect(found(files)).toMatchObject({ command: 'npm run one', source: 'CLAUDE.md' });
  });
});

describe('package.json', () => {
  const scripts = (value: Record<string, string>, more: Record<string, string> = {}) => {
    const { command, port } = found({ ...packageJson({ scripts: value }), ...more }) ?? {};
    return [command, port];
  };

  test('start before serve before dev, with the port the program names', () => {
    const server = { 'server.js': 'app.listen(process.env.PORT || 3210)' };
    expect(scripts({ dev: 'x', start: 'node server.js' }, server)).toEqual(['npm start', 3210]);
    expect(scripts({ dev: 'x', serve: 'http-server -p 8081' })).toEqual(['npm run serve', 8081]);
    expect(scripts({ dev: 'next dev' })).toEqual(['npm run dev', 3000]);
    expect(scripts({ test: 'vitest' })).toEqual([undefined, undefined]);
  });

  test('a server that only takes its port as an argument gets it', () => {
    expect(scripts({ dev: 'vite' })).toEqual(['npm run dev -- --port $PORT', 5173]);
    expect(scripts({ dev: 'vite' }, { 'pnpm-lock.yaml': '' })[0]).toBe('pnpm run dev --port $PORT');
  });

  test('what must be built is built', () => {
    const value = { build: 'next build', start: 'next start' };
    expect(scripts(value)[0]).toBe('npm run build && npm start');
  });

  test('that is broken tells nothing', () => {
    expect(found({ 'package.json': '{' })).toBeNull();
    expect(found({ 'package.json': '{"scripts": {"start": 3}}' })).toBeNull();
  });
});

describe('conventions', () => {
  const cases: [string, Record<string, string>, string, number | null][] = [
    ['express', { 'app.js': 'const app = express(); app.listen(3000)' }, 'node app.js', 3000],
    ['Procfile', { Procfile: 'worker: x\nweb: gunicorn app:app\n' }, 'gunicorn app:app', null],
    [
      'Django',
      { 'manage.py': 'import django' },
      'python3 manage.py runserver --noreload 127.0.0.1:$PORT',
      8000,
    ],
    [
      'FastAPI',
      { 'app/main.py': 'from fastapi import FastAPI\napi = FastAPI()\n' },
      'python3 -m uvicorn app.main:api --host 127.0.0.1 --port $PORT',
      8000,
    ],
    [
      'Flask',
      { 'app.py': 'app = Flask(__name__)\n' },
      'python3 -m flask --app app run --host 127.0.0.1 --port $PORT',
      5000,
    ],
    [
      'Rails',
      { 'bin/rails': '', 'config/application.rb': '' },
      'bin/rails server -b 127.0.0.1 -p $PORT',
      3000,
    ],
    [
      'Go',
      {
        'go.mod': '',
        'cmd/api/main.go': 'package main\nimport "net/http"\nhttp.ListenAndServe(":9090", nil)',
      },
      'go run ./cmd/api',
      9090,
    ],
  ];
  test.each(cases)('%s', (_, files, command, port) => {
    expect(found(files)).toMatchObject({ command, port });
  });

  test('a library is no service', () => {
    expect(
      found({ 'index.js': 'export const add = (a, b) => a + b', 'main.go': 'package main' }),
    ).toBeNull();
  });
});

test('a tree on disk does not lead out of its folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tree-test-'));
  await writeFile(join(root, 'AGENTS.md'), 'Start the server with `npm start`.');
  await symlink('AGENTS.md', join(root, 'CLAUDE.md'));
  await symlink('/etc/passwd', join(root, 'Procfile'));
  const tree = treeIn(root);
  expect(tree.read('Procfile')).toBeNull();
  expect(tree.read('../../etc/passwd')).toBeNull();
  expect(tree.read('cmd')).toBeNull();
  expect(tree.list('')).toEqual(['AGENTS.md', 'CLAUDE.md', 'Procfile']);
  expect(discover(tree)).toMatchObject({ command: 'npm start', source: 'CLAUDE.md' });
  await rm(root, { recursive: true });
});
