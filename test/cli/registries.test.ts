import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeAgent } from '../rig/command.ts';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';
import { behindWall } from '../rig/sandbox.ts';

const ASKING = fileURLToPath(new URL('../fixtures/wall/asking.mjs', import.meta.url));

/** A package as npm packs it. */
async function packTiny({ root }: Project): Promise<Buffer> {
  await mkdir(join(root, 'pack/package'), { recursive: true });
  await writeFile(join(root, 'pack/package/package.json'), '{"name":"tiny","version":"1.0.0"}');
  await writeFile(join(root, 'pack/package/index.js'), 'module.exports = "from the registry";\n');
  return execFileSync('tar', ['-czf', '-', '-C', join(root, 'pack'), 'package']);
}

/** A registry that knows one package, at its own address and, as a web proxy, for whatever host is asked of it. */
async function registry(tarball: Buffer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const known = request.url?.endsWith('/tiny/-/tiny-1.0.0.tgz') === true;
    response.writeHead(known ? 200 : 404).end(known ? tarball : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Wants the package by its lock file, from a registry at `url`. */
async function needTiny(project: Project, tarball: Buffer, url: string): Promise<void> {
  const wants = { name: 'signs', version: '1.0.0', dependencies: { tiny: '1.0.0' } };
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const resolved = `${url}/tiny/-/tiny-1.0.0.tgz`;
  const packages = { '': wants, 'node_modules/tiny': { version: '1.0.0', resolved, integrity } };
  const lock = { name: 'signs', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  await project.write('package.json', JSON.stringify(wants));
  await project.write('package-lock.json', JSON.stringify(lock));
  await project.write('.npmrc', `registry=${url}/\nupdate-notifier=false\nfetch-retries=0\n`);
  await project.write('.gitignore', 'node_modules\n');
  await project.commit();
}

async function networkLog(project: Project): Promise<string> {
  const runs = join(project.dir, '.factory/runs/001-signs');
  const [run = ''] = await readdir(runs);
  return readFile(join(runs, run, 'logs/network.log'), 'utf8');
}

const asking = (project: Project, ...urls: string[]): string[] => [
  'run',
  '--agent',
  nodeAgent(ASKING, ...urls),
  '--evaluator',
  scripted(project)[1] ?? '',
];

behindWall('package registries', () => {
  test('installs and agents reach them by name, through the proxy of the machine, and nothing else', async () => {
    await using project = (await Project.minimal({ checks: 'authored', git: false })).shutIn();
    const tarball = await packTiny(project);
    await using tiny = await registry(tarball);
    await needTiny(project, tarball, 'http://registry.npmjs.org');
    const env = { HTTP_PROXY: `http://127.0.0.1:${tiny.port}` };
    const urls = ['http://registry.npmjs.org/tiny/-/tiny-1.0.0.tgz', 'http://example.org/'];

    const strict = await project.cli(
      [...asking(project), '--barrier', 'strict', '--retries', '0'],
      { env },
    );
    expect([strict.code, strict.stderr]).toEqual([75, expect.stringContaining('--allow-host')]);
    expect(await networkLog(project)).toMatch(
      /refused registry\.npmjs\.org:80, asked for by the install/,
    );
    expect(tiny.asked).toEqual([]);

    const { code, stderr } = await project.cli([...asking(project, ...urls), '--fresh'], { env });
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const seen = JSON.parse(await project.git('show', 'factory/001-signs:seen.json')) as object;
    expect(seen).toEqual({ tiny: 'from the registry', [urls[0] ?? '']: 200, [urls[1] ?? '']: 403 });
    expect(new Set(tiny.asked)).toEqual(new Set([urls[0]]));
  });

  test('strict reaches none but what is named, say one of this machine', async () => {
    await using project = await Project.minimal({ checks: 'authored', git: false });
    const tarball = await packTiny(project);
    await using tiny = await registry(tarball);
    const url = `http://localhost:${tiny.port}`;
    await needTiny(project, tarball, url);
    const urls = ['http://registry.npmjs.org/', `${url}/nobody`];
    const { code, stdout, stderr } = await project.cli(
      [
        ...asking(project, ...urls),
        '--json',
        '--barrier',
        'strict',
        '--allow-host',
        `localhost:${tiny.port}`,
      ],
      { env: { HTTP_PROXY: `http://127.0.0.1:${tiny.port}` } },
    );
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const seen = JSON.parse(await project.git('show', 'factory/001-signs:seen.json')) as object;
    expect(seen).toEqual({
      tiny: 'from the registry',
      [urls[0] ?? '']: 'ECONNREFUSED',
      [urls[1] ?? '']: 404,
    });
    // Every base is looked into anew, the sandbox of its agents too.
    const audits = Project.events(stdout).filter((event) => event.type === 'audit.finished');
    expect(audits.length).toBeGreaterThan(0);
    expect(audits.filter((event) => event.hunt === null)).toEqual([]);
  });
});
