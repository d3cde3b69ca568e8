import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alive } from './alive.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

let dir: string;

/** The room as plain JavaScript, for a process that ends while it has a child. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'process-test-'));
  symlinkSync(path('../../node_modules'), join(dir, 'node_modules'));
  cpSync(path('../fixtures/process/ignore-term.js'), join(dir, 'ignore-term.js'));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  for (const name of readdirSync(path('../../src/process'))) {
    const text = readFileSync(path(`../../src/process/${name}`), 'utf8');
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(join(dir, name.replace(/\.ts$/, '.js')), outputText);
  }
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each(["throw new Error('a bug')", 'process.exit(0)'])(
  'a process never outlives the one that started it: %s',
  async (end) => {
    const program = `import { spawn } from './index.js';
      const plan = { label: 'x', command: ['${dir}/ignore-term.js'], cwd: '/', env: { PATH: process.env.PATH } };
      const child = spawn(plan, { kind: 'none' }, { onLine: () => { console.log(child.pid); ${end}; } });`;
    writeFileSync(join(dir, 'main.js'), program);
    const { stdout } = spawnSync(process.execPath, ['main.js'], { cwd: dir, encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\n$/);
    await expect.poll(() => alive(Number(stdout))).toBe(false);
  },
);
