import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Diagnostic, type Result } from '../../domain/index.ts';
import { parseConstitution, readSource, type Constitution } from '../../manifest/index.ts';

/**
 * Reads the project's CONSTITUTION.md: the person's own file in the checkout, where no agent writes. One that cannot be read at all is an
 * error: a run would pass what it forbids.
 */
export async function readConstitution(
  project: string,
): Promise<Result<Constitution | null, readonly Diagnostic[]>> {
  const file = join(project, 'CONSTITUTION.md');
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return ok(null);
  const source = await readSource(file);
  if (!source.ok) return err([source.error]);
  const read = parseConstitution(source.value);
  const unfit = read.diagnostics.filter(({ severity }) => severity === 'error');
  return unfit.length > 0 ? err(unfit) : ok(read);
}
