import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FrozenCheck } from '../../src/domain/index.ts';
import { err, ok, unitId } from '../../src/domain/index.ts';
import type { Observation } from '../../src/barrier/index.ts';
import type { Bench, RecordingProxy } from '../../src/evaluation/index.ts';
import { createEvaluator, createProxy, findChromium } from '../../src/evaluation/index.ts';

export const TALLY = fileURLToPath(new URL('../fixtures/evaluation/tally', import.meta.url));
export const CHROMIUM = findChromium({
  named: null,
  path: process.env['PATH'] ?? '',
  node: process.execPath,
});
export const UNIT = unitId('api');

/** A run folder, a proxy and whatever a test starts; `dispose` ends it all. */
export class Rig {
  readonly runDir = mkdtempSync(path.join(tmpdir(), 'evaluation-'));
  readonly seen: Observation[] = [];
  readonly bench: Bench = {
    scratch: path.join(this.runDir, 'scratch'),
    node: process.execPath,
    env: { PATH: process.env['PATH'] ?? '' },
    sandbox: { kind: 'none' },
    browser: CHROMIUM,
    attemptMs: 5000,
    port: null,
  };
  proxy!: RecordingProxy;
  sides = 0;
  /** Units are measured beside another one. */
  aside = false;
  /** Why there is no instance but the group's. */
  noSide: string | null = null;
  readonly notes: string[] = [];
  sideHandler: http.RequestListener | null = null;
  #closing: (() => unknown)[] = [() => rmSync(this.runDir, { recursive: true, force: true })];

  static async make(): Promise<Rig> {
    const rig = new Rig();
    rig.proxy = await createProxy();
    rig.#closing.push(() => rig.proxy.close());
    return rig;
  }

  /** Serves the product of the group. */
  async serve(handler: http.RequestListener): Promise<http.Server> {
    const server = http.createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closing.push(() => stop(server));
    this.proxy.point({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    this.sideHandler ??= handler;
    return server;
  }

  /** A frozen check as the compiler leaves it. */
  check(scenario: string, body: string, more: Partial<FrozenCheck> = {}): FrozenCheck {
    const code = body.includes('export default')
      ? body
      : `export default async function check(kit) {\n${body}\n}\n`;
    const file = `checks/${UNIT}/${scenario}.mjs`;
    mkdirSync(path.join(this.runDir, 'checks', UNIT), { recursive: true });
    writeFileSync(path.join(this.runDir, more.file ?? file), code);
    const sha256 = createHash('sha256').update(code).digest('hex');
    return { scenario, file, sha256, origin: 'author', needsService: true, ...more };
  }

  async evaluate(
    checks: readonly FrozenCheck[],
    bench: Partial<Bench> = {},
    more: readonly string[] = [],
  ) {
    const evaluator = createEvaluator({
      note: (message) => void this.notes.push(message),
      runDir: this.runDir,
      bench: { ...this.bench, ...bench },
      proxy: this.proxy,
      scenarios: () => [...more, ...checks.map((check) => check.scenario)],
      symptoms: (_unit, seen) => {
        this.seen.push(...seen);
        return seen.map((each) => each.kind);
      },
      product: () => Promise.resolve(ok({ dir: TALLY })),
      served: () => ({ dir: this.runDir }),
      withProduct: async (_commit, use) => {
        this.sides += 1;
        if (this.noSide !== null) return err({ detail: this.noSide });
        const server = http.createServer(this.sideHandler ?? undefined).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        try {
          return ok(await use({ port, url: `http://127.0.0.1:${port}`, dir: TALLY }));
        } finally {
          stop(server);
        }
      },
    });
    const task = {
      unit: UNIT,
      iteration: 1,
      commit: 'c0ffee',
      ...(this.aside && { aside: true as const }),
      checks,
      broken: more.slice(1).map((scenario) => ({ scenario, reason: 'no check' })),
    };
    const measured = await evaluator.evaluate(task, new AbortController().signal);
    if (!measured.ok) throw new Error(measured.error.detail);
    return measured.value;
  }

  /** A scenario with a file of its own. */
  scenario(name: string) {
    const file = path.join(this.runDir, `${name}.md`);
    writeFileSync(file, `# ${name}\n\nThe text of ${name}.\n`);
    return { unit: UNIT, name, title: name, priority: 'P1' as const, sealed: false, file };
  }

  /** Runs one check and tells what became of it. */
  async verdict(body: string, more: Partial<FrozenCheck> = {}, bench: Partial<Bench> = {}) {
    const { scenarios } = await this.evaluate([this.check('it', body, more)], bench);
    const [result] = scenarios;
    if (!result) throw new Error('no result');
    return result;
  }

  async dispose(): Promise<void> {
    for (const close of this.#closing.toReversed()) await close();
  }
}

function stop(server: http.Server): void {
  server.close();
  server.closeAllConnections();
}
