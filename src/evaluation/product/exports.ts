import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { init as initCjs, parse as parseCjs } from 'cjs-module-lexer';
import { init as initEsm, parse as parseEsm } from 'es-module-lexer';

const SOURCE = /\.(mjs|cjs|js)$/;
const TEST_FILE = /(^|[./-])(test|tests|spec|__tests__|fixtures)([./-]|$)/;
const SKIPPED = new Set(['node_modules', 'coverage', 'test', 'tests', '__tests__']);
const MAX_FILES = 5000;
const MAX_BYTES = 1024 * 1024;

/**
 * Modules of a JavaScript product that may export `name`, best first: what its package.json says is its face, then source files
 * that plainly export the name. Absolute paths; nothing is executed to find out.
 */
export async function modulesExporting(dir: string, name: string): Promise<readonly string[]> {
  await Promise.all([initEsm(), initCjs()]);
  const faces = await facesOf(dir);
  const sure: string[] = [];
  const maybe: string[] = [];
  for (const file of faces) {
    const found = await exportsOf(file);
    if (found.names.has(name)) sure.push(file);
    else if (found.open) maybe.push(file);
  }
  const candidates = [...sure, ...maybe];
  for (const file of await sources(dir)) {
    if (candidates.includes(file)) continue;
    if ((await exportsOf(file)).names.has(name)) candidates.push(file);
  }
  return candidates;
}

/** The files that `exports`, `main` and convention name. */
async function facesOf(dir: string): Promise<string[]> {
  const manifest = await readJson(path.join(dir, 'package.json'));
  const named = [
    ...targets(manifest['exports']),
    ...targets(manifest['module']),
    ...targets(manifest['main']),
    'index.js',
    'index.mjs',
  ];
  const files = named
    .filter((target) => !target.includes('*'))
    .flatMap((target) => (SOURCE.test(target) ? [target] : [`${target}.js`, `${target}/index.js`]))
    .map((target) => path.join(dir, target))
    .filter((file) => file.startsWith(dir + path.sep));
  return [...new Set(files)];
}

/** Every file that an `exports` map of whatever depth points to, in its order. */
function targets(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, target]) => (key === 'types' ? [] : targets(target)));
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // No package.json, or one that says nothing: the convention is left.
    return {};
  }
}

/** Source files, those nearer to the root first. */
async function sources(dir: string): Promise<string[]> {
  const found: string[] = [];
  const ahead = [dir];
  for (let folder = ahead.shift(); folder !== undefined; folder = ahead.shift()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) ahead.push(file);
      else if (entry.isFile() && SOURCE.test(entry.name) && !TEST_FILE.test(entry.name)) {
        if (found.push(file) >= MAX_FILES) return found;
      }
    }
  }
  return found;
}

/** The names a module exports as far as its text tells; `open`: there may be others, passed on from elsewhere. */
async function exportsOf(file: string): Promise<{ names: ReadonlySet<string>; open: boolean }> {
  const none = { names: new Set<string>(), open: false };
  let source: string;
  try {
    // A pipe in its place would never end.
    if (!(await stat(file)).isFile()) return none;
    source = await readFile(file, 'utf8');
  } catch {
    return none;
  }
  if (source.length > MAX_BYTES) return none;
  return esmExports(source) ?? cjsExports(source) ?? none;
}

function esmExports(source: string): { names: ReadonlySet<string>; open: boolean } | null {
  try {
    const [, found, , isModule] = parseEsm(source);
    if (!isModule) return null;
    const named = found.filter((entry) => entry.type !== 'reexport-all');
    return {
      names: new Set(named.map((entry) => entry.name)),
      open: named.length < found.length,
    };
  } catch {
    return null;
  }
}

function cjsExports(source: string): { names: ReadonlySet<string>; open: boolean } | null {
  try {
    const { exports: names, reexports } = parseCjs(source);
    const whole = /module\.exports\s*=/.test(source);
    return { names: new Set(names), open: whole || reexports.length > 0 };
  } catch {
    return null;
  }
}
