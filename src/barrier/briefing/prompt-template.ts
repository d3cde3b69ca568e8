import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';

export type TemplateName = 'code-agent' | 'check-author' | 'eval-agent' | 'constitution-judge';

/**
 * Renders `<dir>/<name>.md` with Handlebars, without HTML escaping: `{{name}}`, `{{#if name}}…{{else}}…{{/if}}`, `{{#each names}}…{{/each}}`.
 * Values are inserted as they are and never read as a template. Frontmatter and an opening HTML comment are for people, and left out.
 */
export async function renderTemplate(
  dir: string,
  name: TemplateName,
  values: Readonly<Record<string, unknown>>,
): Promise<Result<string, Problem>> {
  const file = join(dir, `${name}.md`);
  const problem = (what: string): Problem => ({
    where: file,
    what,
    remedy: 'Reinstall implement-factory, or correct this template.',
  });
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    return err(problem(`The prompt template cannot be read: ${(error as Error).message}`));
  }
  try {
    return ok(`${compiled(source)(values).trim()}\n`);
  } catch (error) {
    return err(problem(`The prompt template is at fault: ${(error as Error).message}`));
  }
}

/** By source: every briefing of a run is rendered from the same few texts. */
const known = new Map<string, (values: Readonly<Record<string, unknown>>) => string>();

function compiled(source: string): (values: Readonly<Record<string, unknown>>) => string {
  const render =
    known.get(source) ??
    Handlebars.compile(withoutHeader(source), { noEscape: true, strict: true });
  known.set(source, render);
  return render;
}

const withoutHeader = (source: string): string =>
  source
    .replace(/^\uFEFF/, '')
    .replace(/^---\r?\n[\s\S]*?\r?\n---[ \t]*\r?\n/, '')
    .replace(/^\s*<!--[\s\S]*?-->\s*/, '');
