import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Spec } from '../../domain/index.ts';
import { FACTORY_FILE } from '../settings/file.ts';
import type { Settings } from '../settings/settle.ts';
import { variableOf } from '../settings/table.ts';

/** Where a person declared how the service is started, for a message: `--start`, its variable, or file and line; null when nobody did. */
export async function declarationOf(
  project: string,
  { manifestFile }: Spec,
  { service, serviceFrom }: Settings,
): Promise<string | null> {
  if (service.kind !== 'declared') return null;
  if (serviceFrom === 'flag') return '--start';
  if (serviceFrom === 'environment') return variableOf('start');
  const file = serviceFrom === 'file' ? join(project, FACTORY_FILE) : manifestFile;
  const line = lineOf(await readFile(file, 'utf8').catch(() => ''));
  return `${relative(project, file)}${line === null ? '' : `:${line}`}`;
}

/** The line of `start:` in a block `service:`, or of the block where it is written in one line; 1-based. */
function lineOf(text: string): number | null {
  const lines = text.split(/\r\n|\n|\r/);
  const block = lines.findIndex((line) => /^service\s*:/.test(line));
  if (block === -1) return null;
  const after = lines.slice(block + 1).findIndex((line) => /^\s+start\s*:|^\S/.test(line));
  const start = block + 1 + after;
  return after !== -1 && /^\s/.test(lines[start] ?? '') ? start + 1 : block + 1;
}
