import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { saysSomething, type HoldoutText } from '../../barrier/index.ts';
import type { Spec, UnitId } from '../../domain/index.ts';
import { sha256 } from '../../manifest/index.ts';

/** The texts of a spec that code agents must not see, read once. */
export interface Secrets {
  /** Every scenario and stub, and every unit spec; to its own code agent, a unit spec is none. */
  readonly holdouts: readonly HoldoutText[];
  /** sha256 of whole files that say something → path in the spec directory. */
  readonly files: ReadonlyMap<string, string>;
  /** A unit's own spec. */
  readonly own: (unit: UnitId) => string;
}

export async function readSecrets(spec: Spec): Promise<Secrets> {
  const read = async (file: string): Promise<HoldoutText> => ({
    path: relative(spec.dir, file).split(sep).join('/'),
    text: await readFile(file, 'utf8'),
  });
  const scenarios = await Promise.all(
    [
      ...[...spec.scenarios.values()].flat().map(({ file }) => file),
      ...spec.stubFiles.values(),
    ].map(read),
  );
  const units = new Map(
    await Promise.all(
      [...spec.unitFiles].map(async ([unit, file]) => [unit, await read(file)] as const),
    ),
  );
  return {
    holdouts: [...scenarios, ...units.values()],
    files: new Map(
      [...scenarios, ...units.values()]
        .filter(({ text }) => saysSomething(text))
        .map(({ path, text }) => [sha256(text), path]),
    ),
    own: (unit) => units.get(unit)?.text ?? '',
  };
}
