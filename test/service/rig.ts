import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import type { ServiceDeclaration } from '../../src/domain/index.ts';
import { err, ok } from '../../src/domain/index.ts';
import type { ServiceOptions, ServiceUnderTest } from '../../src/service/index.ts';
import { createService } from '../../src/service/index.ts';

const fixtures = fileURLToPath(new URL('../fixtures/service/', import.meta.url));

/** Nobody gives up. */
export const never = new AbortController().signal;

/** Services of products in a temporary folder. */
export interface Stand {
  readonly root: string;
  /** Where the front was pointed to, the last one last. */
  readonly pointed: ({ host: string; port: number } | null)[];
  /** Every one that was opened; they are stopped at the end. */
  readonly opened: ServiceUnderTest[];
}

/** A stand for each test of a file, with what is done there. */
export function standing() {
  let stand: Stand;
  beforeEach(async () => {
    stand = { root: await mkdtemp(join(tmpdir(), 'service-test-')), pointed: [], opened: [] };
  });
  afterEach(async () => {
    await Promise.all(stand.opened.map((service) => service.stop()));
    await rm(stand.root, { recursive: true });
  });
  return {
    root: () => stand.root,
    pointed: () => stand.pointed.at(-1),
    open: (declared: ServiceDeclaration | null, more: Partial<ServiceOptions> = {}) =>
      open(stand, declared, more),
    /** What the service answers through the front. */
    ask: async (path = '/'): Promise<string> => {
      const { host, port } = stand.pointed.at(-1) ?? { host: '', port: 0 };
      const name = host.includes(':') ? `[${host}]` : host;
      return (await fetch(`http://${name}:${port}${path}`)).text();
    },
    log: () => readFileSync(join(stand.root, 'run/service/service.log'), 'utf8'),
  };
}

export const start = (service: ServiceUnderTest, commit = 'c1') =>
  service.ready({ action: 'start', commit, start: null }, never);

function open(
  { root, pointed, opened }: Stand,
  declared: ServiceDeclaration | null,
  more: Partial<ServiceOptions>,
): ServiceUnderTest {
  const service = createService({
    setting: declared === null ? { kind: 'undeclared' } : { kind: 'declared', service: declared },
    checkout: (commit, name) => checkout(join(root, 'trees', name), commit),
    front: { url: 'http://front', point: (target) => pointed.push(target) },
    environment: { PATH: process.env['PATH'] ?? '', HOME: root },
    runFolder: join(root, 'run'),
    sandbox: { kind: 'none' },
    marker: 'test',
    budgetMs: 20_000,
    graceMs: 200,
    ...more,
  });
  opened.push(service);
  return service;
}

/** A product whose every commit is the fixtures plus `version.txt` with the commit's name; `script:` is its start script. */
async function checkout(dir: string, commit: string) {
  if (commit === 'gone') return err({ where: 'gone', what: 'No such commit.', remedy: 'Look.' });
  await cp(fixtures, dir, { recursive: true });
  await writeFile(join(dir, 'version.txt'), commit);
  const script = commit.startsWith('script:') && { start: commit.slice('script:'.length) };
  const scripts = script && { scripts: script };
  await writeFile(join(dir, 'package.json'), JSON.stringify({ type: 'module', ...scripts }));
  return ok({ dir, dispose: () => rm(dir, { recursive: true, force: true }) });
}
