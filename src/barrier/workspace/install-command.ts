import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files whose change asks for a new install, by name, wherever they are in the tree. */
export const INSTALL_INPUTS =
  /^(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|\.yarnrc(\.yml)?|\.npmrc|bun\.lockb?|pyproject\.toml|uv\.lock|poetry\.lock|poetry\.toml|requirements[^/]*\.txt|setup\.(py|cfg)|Pipfile(\.lock)?|Gemfile(\.lock)?|composer\.(json|lock)|\.python-version|\.node-version|\.nvmrc)$/;

const has = (dir: string, file: string): Promise<boolean> =>
  access(join(dir, file)).then(
    () => true,
    () => false,
  );

/** Lockfiles and what installs from them, first match wins. Each command leaves its work inside the project. */
const LOCKFILES: readonly (readonly [file: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --frozen-lockfile'],
  ['bun.lock', 'bun install --frozen-lockfile'],
  ['bun.lockb', 'bun install --frozen-lockfile'],
];

const PYTHON: readonly (readonly [file: string, command: string])[] = [
  ['uv.lock', 'uv sync --frozen --no-install-project'],
  ['poetry.lock', 'POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root'],
  [
    'requirements.txt',
    'python3 -m venv .venv && .venv/bin/python -m pip install -q -r requirements.txt',
  ],
];

/** Shell commands that install what the project in `dir` needs, joined; null when it needs nothing. */
export async function detectInstall(dir: string): Promise<string | null> {
  const commands = [await detectNode(dir), await firstOf(dir, PYTHON)].filter(
    (command) => command !== null,
  );
  return commands.length === 0 ? null : commands.join(' && ');
}

async function detectNode(dir: string): Promise<string | null> {
  if (!(await has(dir, 'package.json'))) return null;
  const locked = await firstOf(dir, LOCKFILES);
  if (locked !== null) return locked;
  for (const file of ['npm-shrinkwrap.json', 'package-lock.json']) {
    if (await has(dir, file)) return (await locksSomething(dir, file)) ? NPM_CI : null;
  }
  return (await wantsSomething(dir)) ? 'npm install --no-audit --no-fund --no-package-lock' : null;
}

const NPM_CI = 'npm ci --no-audit --no-fund';

async function firstOf(dir: string, table: typeof LOCKFILES): Promise<string | null> {
  for (const [file, command] of table) if (await has(dir, file)) return command;
  return null;
}

/** What is not an object has no entries; a file that is not JSON is for the package manager to complain about. */
async function readObject(file: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

async function locksSomething(dir: string, file: string): Promise<boolean> {
  const lock = await readObject(join(dir, file));
  // Since lockfile version 2 the project itself is one entry of `packages`.
  return lock === null || sizeOf(lock['packages']) > 1 || sizeOf(lock['dependencies']) > 0;
}

async function wantsSomething(dir: string): Promise<boolean> {
  const manifest = await readObject(join(dir, 'package.json'));
  if (manifest === null) return true;
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces'].some(
    (key) => sizeOf(manifest[key]) > 0,
  );
}
