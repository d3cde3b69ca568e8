import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** Compiles journal and domain into `dir`, for tests that need the journal in processes of their own; returns the file to import. */
export function builtJournal(dir: string): string {
  for (const room of ['domain', 'journal']) {
    const names = readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' });
    for (const name of names) {
      if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
      mkdirSync(dirname(join(dir, room, name)), { recursive: true });
      const { outputText } = ts.transpileModule(
        readFileSync(join(root, 'src', room, name), 'utf8'),
        {
          compilerOptions: {
            target: ts.ScriptTarget.ES2023,
            module: ts.ModuleKind.ESNext,
            rewriteRelativeImportExtensions: true,
            verbatimModuleSyntax: true,
          },
        },
      );
      writeFileSync(join(dir, room, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  return join(dir, 'journal', 'index.js');
}
