import type { Fence, Stub, Stubs } from '../../domain/index.ts';
import { foreignImports } from './inspect.ts';

/** A stub with its setup, ready to be run or to be read by the check author. */
export interface PreparedStub {
  readonly scenario: string;
  readonly lang: string | null;
  readonly code: string;
  /** How it runs by itself; null: only the author can make use of it. */
  readonly extension: '.mjs' | '.cjs' | '.sh' | null;
}

const SHELL = new Set(['sh', 'bash', 'shell']);
const SCRIPT = new Set(['js', 'javascript', 'mjs', 'cjs', 'node']);

/** Prepends the setup, takes skip marks away, and tells which stubs run as they are. */
export async function prepareStubs(stubs: Stubs): Promise<readonly PreparedStub[]> {
  return Promise.all(
    stubs.stubs.map(async (stub) => {
      const code = unskipped(withSetup(stubs.setup, stub));
      const twice = stubs.stubs.filter((other) => other.scenario === stub.scenario).length > 1;
      const extension = twice ? null : await extensionOf(stubs, stub, code);
      return { scenario: stub.scenario, lang: stub.lang, code, extension };
    }),
  );
}

const withSetup = (setup: Fence | null, stub: Stub): string =>
  setup ? `${setup.code.trimEnd()}\n\n${stub.code}` : stub.code;

/** Shell, and tests of Node's own runner that import nothing a project would have to bring. */
async function extensionOf(
  { framework, setup }: Stubs,
  { lang }: Stub,
  code: string,
): Promise<PreparedStub['extension']> {
  const language = lang?.toLowerCase() ?? (isNodeTest(framework) ? 'js' : '');
  const setupLanguage = setup?.lang?.toLowerCase() ?? language;
  if (SHELL.has(language)) return SHELL.has(setupLanguage) ? '.sh' : null;
  if (!SCRIPT.has(language) || !SCRIPT.has(setupLanguage)) return null;
  if (!/['"](node:)?test['"]/.test(code) || !code.includes('node:test')) return null;
  try {
    if ((await foreignImports(code)).length > 0) return null;
  } catch {
    // What does not even lex is for the author to read.
    return null;
  }
  return /\brequire\(/.test(code) && !/^\s*import\b/m.test(code) ? '.cjs' : '.mjs';
}

const isNodeTest = (framework: string | null): boolean =>
  framework !== null && /^node([:\s.-]?test)?$/i.test(framework.trim());

/** People mark stubs as skipped so that their own test run stays green; here they are meant to run. */
export const unskipped = (code: string): string =>
  code
    .replaceAll(/\b(test|it|describe|suite)\.(skip|todo|fixme)\b/g, '$1')
    .replaceAll(/\bx(test|it|describe)(?=\s*\()/g, '$1')
    .replaceAll(/\b(skip|todo)\s*:\s*(true|'[^'\n]*'|"[^"\n]*"|`[^`]*`)/g, '$1: false')
    .replaceAll(/\b(t|ctx|context)\.(skip|todo)\([^)\n]*\)\s*;?/g, '')
    .replaceAll(/^[ \t]*@pytest\.mark\.skip.*$/gm, '');

/** As an agent reads it. */
export const asText = ({ scenario, lang, code }: PreparedStub): { name: string; text: string } => ({
  name: scenario,
  text: `\`\`\`${lang ?? ''}\n${code.trimEnd()}\n\`\`\``,
});
