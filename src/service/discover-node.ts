import { z } from 'zod';
import type { Discovered } from './discovered.ts';
import { portIn } from './ports-in-text.ts';
import type { Tree } from './tree.ts';

const words = z.record(z.string(), z.string()).catch({});
const Package = z.looseObject({
  scripts: words.default({}),
  dependencies: words.default({}),
  devDependencies: words.default({}),
  packageManager: z.string().catch('').default(''),
});
type Package = z.infer<typeof Package>;

/** Ports of development servers that do not say theirs. */
const KNOWN_PORTS: readonly [RegExp, number][] = [
  [/\b(?:next|nuxt|nuxi|react-scripts|remix)\b/, 3000],
  [/\bvite preview\b/, 4173],
  [/\bvite\b/, 5173],
  [/\bastro\b/, 4321],
  [/\bng serve\b/, 4200],
  [/\bgatsby\b/, 8000],
];
/** Servers that do not look at `PORT` but take it as an argument. */
const TAKES_ARGUMENT =
  /^(?:npx )?(?:vite(?: dev| preview| serve)?|astro (?:dev|preview)|ng serve)\b/;
/** Servers of something that must be built first. */
const NEEDS_BUILD =
  /\b(?:next start|nuxt (?:start|preview)|astro preview|vite preview|node (?:\.\/)?(?:dist|build|\.output)\/)/;

const ENTRIES = [
  'server',
  'app',
  'index',
  'main',
  'src/server',
  'src/app',
  'src/index',
  'src/main',
];

/** `start`, `serve` or `dev` of package.json, by the project's package manager. */
export function discoverScripts(tree: Tree): Discovered | null {
  const manifest = packageOf(tree);
  if (manifest === null) return null;
  for (const name of ['start', 'serve', 'dev']) {
    const script = manifest.scripts[name]?.trim();
    if (script === undefined || script === '') continue;
    const manager = managerOf(tree, manifest);
    const built = NEEDS_BUILD.test(script) && manifest.scripts['build'] !== undefined;
    const passes = TAKES_ARGUMENT.test(script) && !script.includes('--port');
    const command =
      (built ? `${manager} run build && ` : '') +
      (manager === 'npm' && name === 'start' ? 'npm start' : `${manager} run ${name}`) +
      (passes ? `${manager === 'npm' ? ' --' : ''} --port $PORT` : '');
    return { command, port: portOf(tree, script), source: 'package.json' };
  }
  return null;
}

/** A framework without scripts, or a file that listens. */
export function discoverNodeFile(tree: Tree): Discovered | null {
  const manifest = packageOf(tree);
  const uses = (name: string) =>
    manifest !== null && (name in manifest.dependencies || name in manifest.devDependencies);
  if (uses('next')) return conventional('npx --no-install next dev -p $PORT', 3000);
  const file = listening(tree, ['.js', '.mjs', '.cjs']);
  if (file !== null)
    return { command: `node ${file}`, port: portIn(tree.read(file) ?? ''), source: file };
  const typed = uses('tsx') ? listening(tree, ['.ts']) : null;
  if (typed !== null) {
    const port = portIn(tree.read(typed) ?? '');
    return { command: `npx --no-install tsx ${typed}`, port, source: typed };
  }
  if (uses('vite')) return conventional('npx --no-install vite --port $PORT', 5173);
  return null;
}

const conventional = (command: string, port: number): Discovered => ({
  command,
  port,
  source: 'package.json',
});

function packageOf(tree: Tree): Package | null {
  const text = tree.read('package.json');
  if (text === null) return null;
  try {
    return Package.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // A package.json that is no JSON tells nothing; npm will say so itself.
    return null;
  }
}

function managerOf(tree: Tree, { packageManager }: Package): string {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(packageManager)?.[1];
  if (named !== undefined) return named;
  if (tree.read('pnpm-lock.yaml') !== null) return 'pnpm';
  if (tree.read('yarn.lock') !== null) return 'yarn';
  return tree.list('').some((name) => name === 'bun.lock' || name === 'bun.lockb') ? 'bun' : 'npm';
}

/** What the script says, else what its framework is known for, else what the file it runs says. */
function portOf(tree: Tree, script: string): number | null {
  const said = portIn(script) ?? KNOWN_PORTS.find(([tool]) => tool.test(script))?.[1];
  if (said !== undefined) return said;
  const file =
    /\b(?:node|nodemon|tsx|ts-node|bun|deno)\b.*?\s(?:\.\/)?([\w./-]+\.[cm]?[jt]s)\b/.exec(
      script,
    )?.[1];
  return file === undefined ? null : portIn(tree.read(file) ?? '');
}

function listening(tree: Tree, endings: readonly string[]): string | null {
  const files = ENTRIES.flatMap((entry) => endings.map((ending) => entry + ending));
  return files.find((file) => /\.listen\s*\(|\bserve\s*\(/.test(tree.read(file) ?? '')) ?? null;
}
