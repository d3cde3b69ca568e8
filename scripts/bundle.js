// Makes `bin/implement-factory`: the whole command line in one file that needs no `npm install`, for the Claude Code plugin.
// What it starts as processes of its own stays where it is in `dist/`; the one native module is copied beside it.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { chmod, rename } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'bin', 'implement-factory');
const url = (from, to) => relative(from, to).split(sep).join('/');

/** A module that asks where it is gets the answer that its built form in `dist/` would get. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!path.startsWith(join(root, 'src')) || !text.includes('import.meta.url')) return;
      const built = join(root, 'dist', relative(join(root, 'src'), path).replace(/\.ts$/, '.js'));
      const place = `new URL(${JSON.stringify(url(dirname(target), built))}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' };
    });
  },
};

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

/** Builds it in a moment, and whole: other builds may go on at the same time. */
export async function bundle() {
  const prebuilds = join(root, 'dist', 'prebuilds');
  rmSync(prebuilds, { recursive: true, force: true });
  mkdirSync(prebuilds, { recursive: true });
  const from = join(dirname(addon), 'prebuilds');
  for (const name of readdirSync(from).filter((each) => PREBUILDS.test(each)))
    cpSync(join(from, name), join(prebuilds, name), { recursive: true });
  const outfile = `${target}.${process.pid}.mjs`;
  await build({
    stdin: {
      contents: `import { main } from './src/cli/main.ts';\nprocess.exitCode = await main(process);\n`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Not minified: a stack trace is to be read, and the scripted player is made of a function's own text.
    legalComments: 'eof',
    logLevel: 'warning',
    banner: {
      js: `#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`,
    },
    plugins: [places, native],
  });
  await chmod(outfile, 0o755);
  await rename(outfile, target);
}
