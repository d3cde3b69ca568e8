// Bundles what runs, because Node.js takes most of a short process's time to find and compile many small files:
// - `dist/bundle/`: the command line, in parts that are loaded when they are needed, and each program that it starts, in one file;
// - `bin/implement-factory`: the whole command line in one file that needs no `npm install`, for the Claude Code plugin. What it starts
//   as processes of its own is in `dist/bundle/`; the one native module is copied beside it.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = join(root, 'dist', 'bundle');
const target = join(root, 'bin', 'implement-factory');
const url = (from, to) => relative(from, to).split(sep).join('/');

/** A module that asks where it is gets the answer that its built form in `dist/` would get. */
const placesSeenFrom = (folder) => ({
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!path.startsWith(join(root, 'src')) || !text.includes('import.meta.url')) return;
      const built = join(root, 'dist', relative(join(root, 'src'), path).replace(/\.ts$/, '.js'));
      const place = `new URL(${JSON.stringify(url(folder, built))}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' };
    });
  },
});

const addon = createRequire(import.meta.url).resolve('fs-native-extensions');
const PREBUILDS = /^(?:linux|darwin|win32)-(?:x64|arm64)$/;

/** The kernel's file locks come from a native module: its prebuilt files are found beside the bundle, and where there is none, `run` says so. */
const native = {
  name: 'native',
  setup({ onLoad }) {
    onLoad({ filter: /fs-native-extensions[/\\]binding\.js$/ }, () => ({
      // Written as CommonJS, which cannot ask where it is: `require` is that of the banner.
      contents:
        "const file = ['../dist/prebuilds', process.platform + '-' + process.arch, 'fs-native-extensions.node'].join('/'); module.exports = require(file);",
      loader: 'js',
    }));
  },
};

const REQUIRE = `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`;

/** Not minified: a stack trace is to be read, and the scripted player is made of a function's own text. */
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'eof',
  logLevel: 'warning',
};

/** Programs that the command line starts; each sees no file but its own. */
const PROGRAMS = [
  'src/evaluation/child/runner.ts',
  'src/evaluation/child/host.ts',
  'src/barrier/network/bridge.ts',
  'src/barrier/audit/child/hunter.ts',
];

/** Makes `dist/bundle/` and answers with the names in it. Files appear whole, what refers to others last: other builds and runs may go on at the same time. */
export async function bundleParts() {
  const split = {
    ...COMMON,
    entryPoints: ['src/cli/main.ts'],
    outdir: parts,
    splitting: true,
    write: false,
    external: ['fs-native-extensions'],
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    plugins: [placesSeenFrom(parts)],
  };
  const single = {
    ...COMMON,
    entryPoints: PROGRAMS,
    outdir: parts,
    entryNames: '[name]',
    write: false,
    outExtension: { '.js': '.mjs' },
  };
  const [command, programs] = await Promise.all([build(split), build(single)]);
  const files = [...command.outputFiles, ...programs.outputFiles];
  await mkdir(parts, { recursive: true });
  for (const { path, contents } of files.toSorted((a, b) => isMain(a) - isMain(b))) {
    await writeFile(`${path}.${process.pid}`, contents);
    await rename(`${path}.${process.pid}`, path);
  }
  return files.map(({ path }) => basename(path));
}

const isMain = ({ path }) => Number(basename(path) === 'main.mjs');

/** Makes all of it. */
export async function bundle() {
  const made = await bundleParts();
  // Only now: a run that goes on meanwhile may load any of them.
  for (const old of readdirSync(parts).filter((name) => !made.includes(name)))
    rmSync(join(parts, old), { recursive: true, force: true });
  copyPrebuilds();
  await bundleWhole();
}

function copyPrebuilds() {
  const prebuilds = join(root, 'dist', 'prebuilds');
  mkdirSync(prebuilds, { recursive: true });
  const from = join(dirname(addon), 'prebuilds');
  for (const name of readdirSync(from).filter((each) => PREBUILDS.test(each)))
    cpSync(join(from, name), join(prebuilds, name), { recursive: true });
}

async function bundleWhole() {
  const outfile = `${target}.${process.pid}.mjs`;
  await build({
    ...COMMON,
    stdin: {
      contents: `import { main } from './src/cli/main.ts';\nprocess.exitCode = await main(process);\n`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    plugins: [placesSeenFrom(dirname(target)), native],
  });
  await chmod(outfile, 0o755);
  await rename(outfile, target);
}
