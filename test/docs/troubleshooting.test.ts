import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { Question } from '../../src/domain/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCS = join(ROOT, 'docs');

test('every rule and every message is on the troubleshooting page, with its way out', async () => {
  const script = join(ROOT, 'scripts', 'troubleshooting.js');
  const { exitCode, stderr } = await execa(process.execPath, [script, '--check'], {
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([0, '']);
  const page = await readFile(join(DOCS, 'troubleshooting.md'), 'utf8');
  for (const kind of Question.shape.kind.options) expect(page).toContain(`| \`${kind}\``);
});

test('links between pages lead somewhere', async () => {
  const pages = (await readdir(DOCS)).filter((name) => name.endsWith('.md'));
  const files = ['README.md', 'ARCHITECTURE.md', ...pages.map((name) => join('docs', name))];
  const broken: string[] = [];
  for (const file of files) {
    const text = (await readFile(join(ROOT, file), 'utf8')).replaceAll(/^(`{3,}).*?^\1$/gms, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const place = path === '' ? join(ROOT, file) : join(ROOT, dirname(file), path);
      if (!existsSync(place) || !(await hasAnchor(place, anchor)))
        broken.push(`${file}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

/** As GitHub makes them of headings. */
async function hasAnchor(file: string, anchor: string | undefined): Promise<boolean> {
  if (anchor === undefined || !file.endsWith('.md')) return true;
  const headings = (await readFile(file, 'utf8')).matchAll(/^#+ (.*)$/gm);
  return [...headings].some(
    ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-') === anchor,
  );
}
