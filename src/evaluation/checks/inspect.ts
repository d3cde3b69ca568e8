import { mkdir, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import { run } from '../../process/index.ts';
import { oneLine } from '../attempt/outcome.ts';
import type { Bench } from '../settings.ts';

const SYNTAX_MS = 15_000;

/** What is wrong with the text of a check before it ever ran, in words its author can act on; null when nothing is. */
export async function faultOfCheck(code: string, bench: Bench): Promise<string | null> {
  const syntax = await syntaxFault(code, '.mjs', bench);
  if (syntax !== null) return syntax;
  await init();
  const [, names] = parse(code);
  if (!names.some((entry) => entry.type === 'direct' && entry.name === 'default')) {
    return 'it has no default export; it must read `export default async function check(kit) { … }`';
  }
  const foreign = await foreignImports(code);
  if (foreign.length > 0) {
    return `it imports ${foreign.join(', ')}; only node: built-ins can be imported`;
  }
  return /\bassert\b|\bthrow\b|\breject/.test(code)
    ? null
    : 'it asserts nothing, so it cannot fail';
}

/** Modules a text imports that Node does not bring itself. */
export async function foreignImports(code: string): Promise<readonly string[]> {
  await init();
  const [imports] = parse(code);
  const required = [...code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)].map((m) => m[1]);
  return [...imports.map((entry) => entry.specifier), ...required]
    .filter((name): name is string => typeof name === 'string')
    .filter((name) => !isBuiltin(name));
}

/** Asks the interpreter itself. The answer names lines, never a path. */
export async function syntaxFault(
  code: string,
  extension: '.mjs' | '.cjs' | '.sh',
  bench: Bench,
): Promise<string | null> {
  const folder = path.join(bench.scratch, 'syntax');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `check-${crypto.randomUUID()}${extension}`);
  await writeFile(file, code);
  const program = extension === '.sh' ? 'bash' : bench.node;
  const flag = extension === '.sh' ? '-n' : '--check';
  const exit = await run(
    {
      label: 'syntax of a check',
      command: [program, flag, file],
      cwd: '/',
      env: bench.env,
      view: { read: [file] },
      limits: { wallMs: SYNTAX_MS },
    },
    bench.sandbox,
  );
  await rm(file, { force: true });
  if (exit.cause === 'exited' && exit.code === 0) return null;
  const lines = exit.stderr.split('\n').filter((line) => !/^\s+at |^Node\.js v|^$/.test(line));
  const said = lines.join('\n').replaceAll(new RegExp(String.raw`(file://)?${file}`, 'g'), 'check');
  return `it does not parse: ${oneLine(said === '' ? exit.summary : said)}`;
}

const VERBS = String.raw`\b(get|head|post|put|patch|delete|options|request|baseUrl|page)\b`;
const PAGE = String.raw`\bpage\b`;
const NETWORK = /\bfetch\s*\(|\bBASE_URL\b|['"](?:node:)?(?:https?|net|http2)['"]/;
/** A test may know the address only as text, or as the port in its environment. */
const ADDRESS = /\b(?:localhost|127\.0\.0\.1):\d|\$\{?PORT\b|env\.PORT\b|env\[['"]PORT['"]\]/;

/** Whether a check on our kit talks to the service under test, by its text. */
export const needsService = (code: string): boolean => NETWORK.test(code) || asks(code, VERBS);

/** Whether it opens pages of the product in a browser. */
export const needsBrowser = (code: string): boolean => asks(code, PAGE);

/** Whether a text uses one of these of the kit's, by its argument or taken out of it. */
function asks(code: string, verbs: string): boolean {
  const kit = /export\s+default\s+(?:async\s+)?(?:function\b\s*\w*\s*)?\(?\s*(\w+)/.exec(code)?.[1];
  const calls = [
    String.raw`\b${kit ?? 'kit'}\s*\??\.\s*${verbs}`,
    // function check({ get, assert }) and const { get } = kit
    String.raw`export\s+default\s+(?:async\s+)?(?:function\b\s*\w*\s*)?\(\s*\{[^}]*${verbs}[^}]*\}`,
    String.raw`\{[^}]*${verbs}[^}]*\}\s*=\s*${kit ?? 'kit'}\b`,
  ];
  return new RegExp(calls.join('|')).test(code);
}

/** The same of a test that runs as it is. */
export const testNeedsService = (code: string): boolean => NETWORK.test(code) || ADDRESS.test(code);
