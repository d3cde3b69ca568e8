import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** Compiles journal and domain into `dir`, for tests that need the journal in processes of their own; returns the file to import. */
export function builtJournal(dir: string): string {
  for (const room of ['domain', 'journal']) {
    mkdirSync(join(dir, room), { recursive: true });
    for (const name of readdirSync(join(root, 'src', room))) {
      if (name.endsWith('.d.ts')) continue;
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
