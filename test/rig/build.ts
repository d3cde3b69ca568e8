import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleParts } from '../../scripts/bundle.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Programs that tests start run from `dist/`, as they do when installed. Brings every stale file of it up to date before the
 * first test; types are checked elsewhere. Several test runs may do this at once: files appear whole.
 */
export default async function build(): Promise<void> {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const stale = sources.filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && isStale(file),
  );
  if (stale.length > 0) await transpile(stale);
  if (stale.length > 0 || !existsSync(path.join(root, 'dist', 'bundle', 'main.mjs')))
    await bundleParts();
}

async function transpile(stale: readonly string[]): Promise<void> {
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  );
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  for (const file of stale) {
    const source = readFileSync(path.join(root, 'src', file), 'utf8');
    const fileName = path.join(root, 'src', file);
    // Without a look at package.json, `nodenext` would be taken for CommonJS.
    const module = {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    const compilerOptions = { ...options, ...module, noEmit: false, sourceMap: false };
    const { outputText } = ts.transpileModule(source, { fileName, compilerOptions });
    const target = built(file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(`${target}.${process.pid}`, outputText);
    renameSync(`${target}.${process.pid}`, target);
  }
}

const built = (file: string): string => path.join(root, 'dist', file.replace(/\.ts$/, '.js'));

function isStale(file: string): boolean {
  const source = statSync(path.join(root, 'src', file));
  const target = statSync(built(file), { throwIfNoEntry: false });
  return target === undefined || target.mtimeMs <= source.mtimeMs;
}
