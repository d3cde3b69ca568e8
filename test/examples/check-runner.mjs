/**
 * A program: runs checks and stubs against a product and prints what failed, as JSON. It stands in for the evaluation, so that the
 * examples are proven by something that knows nothing of it.
 *
 *     node check-runner.mjs <product tree> <base URL or ''> <rounds> <file …>
 *
 * `RESET` is the request that puts the product back before each of them, `CHROMIUM` and `PLAYWRIGHT` are the browser and what drives it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tree, baseUrl, rounds, ...files] = process.argv.slice(2);

const ask = async (method, path, { headers = {}, json, body } = {}) => {
  const asked = new Request(new URL(path, baseUrl), {
    method,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    signal: AbortSignal.timeout(5000),
    ...(json === undefined ? { body } : { body: JSON.stringify(json) }),
  });
  const answer = await fetch(asked);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    text,
    json: () => JSON.parse(text),
  };
};

/** The commands that package.json declares are found by their names, as after an install. */
async function commandPath() {
  const shims = join(dirname(tree), 'shims');
  await mkdir(shims, { recursive: true });
  const { bin = {} } = JSON.parse(await readFile(join(tree, 'package.json'), 'utf8'));
  for (const [name, target] of Object.entries(bin)) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${join(tree, target)}' "$@"\n`;
    await writeFile(join(shims, name), script, { mode: 0o755 });
  }
  return [shims, dirname(process.execPath), process.env.PATH].join(delimiter);
}

const PATH = await commandPath();
const run = (command, { stdin = '', env = {} } = {}) => {
  const [file, ...args] = typeof command === 'string' ? ['sh', '-c', command] : command;
  return new Promise((resolve) => {
    const options = { cwd: tree, env: { PATH, BASE_URL: baseUrl, ...env }, timeout: 10_000 };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
    child.stdin.on('error', () => undefined).end(stdin);
  });
};

async function load(name) {
  for (const file of await readdir(join(tree, 'src'))) {
    // What starts a service is no module to look into.
    if (file === 'server.js') continue;
    const module = await import(pathToFileURL(join(tree, 'src', file)).href);
    if (name in module) return async (...args) => module[name](...args);
  }
  throw new Error(`nothing exports ${name}`);
}

const browsers = [];
async function page(path) {
  const { chromium } = await import(pathToFileURL(process.env.PLAYWRIGHT).href);
  browsers[0] ??= chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox'],
  });
  const opened = await (await (await browsers[0]).newContext()).newPage();
  opened.setDefaultTimeout(5000);
  await opened.goto(new URL(path, baseUrl).href);
  return opened;
}

async function until(attempt) {
  for (let left = 20; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const kit = {
  page,
  until,
  assert,
  baseUrl,
  get: (path, options) => ask('GET', path, options),
  post: (path, options) => ask('POST', path, options),
  put: (path, options) => ask('PUT', path, options),
  patch: (path, options) => ask('PATCH', path, options),
  delete: (path, options) => ask('DELETE', path, options),
  run,
  load,
  write: (path, text) => writeFile(join(tree, path), text),
};

async function fault(file) {
  if (file.endsWith('.stub.mjs') || file.endsWith('.stub.sh')) {
    const { code, stdout, stderr } = await run([file.endsWith('.sh') ? 'sh' : 'node', file]);
    return code === 0 ? null : `${stdout}${stderr}`;
  }
  try {
    const { default: check } = await import(pathToFileURL(file).href);
    await check(kit);
    return null;
  } catch (error) {
    return String(error);
  }
}

/** No scenario may count on being alone with the product. */
const atOnce = () => Promise.all(files.map(fault));

async function oneByOne() {
  const reasons = [];
  const [method, path] = process.env.RESET.split(' ');
  for (const file of files) {
    if (baseUrl !== 'http://127.0.0.1:9') await ask(method, path);
    reasons.push(await fault(file));
  }
  return reasons;
}

const failed = {};
for (let round = 0; round < Number(rounds); round += 1) {
  const reasons = process.env.RESET ? await oneByOne() : await atOnce();
  for (const [at, reason] of reasons.entries()) {
    const name = basename(files[at]).replace(/\.(stub\.)?(mjs|sh)$/, '');
    if (reason !== null) (failed[name] ??= []).push(reason);
  }
}
for (const browser of browsers) await (await browser).close();
console.log(JSON.stringify(failed));
