import { join } from 'node:path';
import type { Diagnostic, Manifest, Scenario, Spec, Stubs, UnitId } from '../../domain/index.ts';
import { readFolder } from '../folder.ts';
import { readSource } from '../read.ts';
import type { Source } from '../source.ts';
import { LINT_RULES } from './rules.ts';
import type { LintRuleId } from './rules.ts';

/** One unit with everything that was written about it. */
export interface UnitTexts {
  readonly id: UnitId;
  readonly spec: Source;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly source: Source }[];
  readonly stubs: { readonly source: Source; readonly parsed: Stubs } | null;
}

/** A valid spec and its texts: all that lint looks at. */
export interface SpecTexts {
  readonly manifest: Manifest;
  readonly source: Source;
  readonly units: readonly UnitTexts[];
  /** `requirements.md` and `solution.md`, where they are. */
  readonly requirements: Source | null;
  readonly solution: Source | null;
}

/** Reads the texts of a valid spec. Null when a file went away since it was validated. */
export async function readTexts(
  spec: Spec,
  stubs: ReadonlyMap<UnitId, Stubs>,
): Promise<SpecTexts | null> {
  const read = async (file: string): Promise<Source | null> => {
    const source = await readSource(file);
    return source.ok ? source.value : null;
  };
  const source = await read(spec.manifestFile);
  if (source === null) return null;
  const units: UnitTexts[] = [];
  for (const { id } of spec.manifest.units) {
    const text = await read(spec.unitFiles.get(id) ?? '');
    if (text === null) return null;
    const scenarios = [];
    for (const scenario of spec.scenarios.get(id) ?? []) {
      const own = await read(scenario.file);
      if (own !== null) scenarios.push({ scenario, source: own });
    }
    const stubFile = spec.stubFiles.get(id);
    const parsed = stubs.get(id);
    const stubText = stubFile === undefined ? null : await read(stubFile);
    units.push({
      id,
      spec: text,
      scenarios,
      stubs: stubText === null || parsed === undefined ? null : { source: stubText, parsed },
    });
  }
  const present = new Set((await readFolder(spec.dir)).files);
  const background = (name: string) =>
    present.has(name) ? read(join(spec.dir, name)) : Promise.resolve(null);
  return {
    manifest: spec.manifest,
    source,
    units,
    requirements: await background('requirements.md'),
    solution: await background('solution.md'),
  };
}

/** A finding of a rule at an offset of a text. */
export function finding(
  source: Source,
  { at, rule, message }: { at: number; rule: LintRuleId; message: string },
): Diagnostic {
  const { file, line, column } = source.place(at);
  const { severity, hint } = LINT_RULES[rule];
  return { file, line, column, rule, severity, message, hint };
}
