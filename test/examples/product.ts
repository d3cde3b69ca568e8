import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Example } from './example.ts';

const exec = promisify(execFile);
const RUNNER = fileURLToPath(new URL('./check-runner.mjs', import.meta.url));

/** Scenario → why it failed, once for each round in which it did. */
export type Failed = Readonly<Record<string, readonly string[]>>;

export interface Measurement {
  readonly tree: string;
  readonly files: readonly string[];
  /** Empty when there is no service. */
  readonly url: string;
  readonly rounds: number;
  /** What the runner finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs every measure against a product, so many rounds one after the other. */
export async function measure({ tree, files, url, rounds, env }: Measurement): Promise<Failed> {
  const args = [RUNNER, tree, url, String(rounds), ...files];
  const { stdout } = await exec(process.execPath, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Failed;
}

/** Starts the example's service as its manifest says and calls `work` with its address, or with '' when it has none. */
export async function serving<T>(
  { spec }: Example,
  { tree, work }: { readonly tree: string; readonly work: (url: string) => Promise<T> },
): Promise<T> {
  const setting = spec.manifest.service;
  if (setting.kind !== 'declared') return work('');
  const { start, health = '/', env = {} } = setting.service;
  const port = await freePort();
  const service = spawn('sh', ['-c', `exec ${start}`], {
    cwd: tree,
    env: { PATH: process.env['PATH'], HOME: tree, ...env, PORT: String(port) },
    // A group of its own: whatever the command starts is ended with it.
    detached: true,
    stdio: 'ignore',
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await healthy(url + health, service);
    return await work(url);
  } finally {
    await end(service);
  }
}

async function healthy(url: string, service: ChildProcess): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (service.exitCode === null && performance.now() < deadline) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`the service is not healthy; exit code ${service.exitCode}`);
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.pid === undefined) return;
  const ended = once(service, 'exit');
  process.kill(-service.pid, 'SIGKILL');
  await ended;
}

/** Calls `work` with the address of a service that gives this one answer to everything. */
export async function answering<T>(
  { status, body }: { readonly status: number; readonly body: string },
  work: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The project's own tests; resolves with what they printed, whatever they say. */
export async function ownTests(tree: string): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['--test', '--test-reporter=tap'], { cwd: tree, env: {} });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}
