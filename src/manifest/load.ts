import { join } from 'node:path';
import pMap from 'p-map';
import { unitId } from '../domain/index.ts';
import type { AgentWish, Diagnostic, Scenario, Spec, Stubs, UnitId } from '../domain/index.ts';
import { CONCURRENCY, readFolder } from './folder.ts';
import type { SpecLocation } from './locate.ts';
import { parseManifest } from './manifest.ts';
import type { DeclaredUnit, ParsedManifest } from './manifest.ts';
import { readSource } from './read.ts';
import { readScenarios } from './scenarios.ts';
import { diagnose, hasErrors } from './source.ts';
import { readUnitFile } from './unit-file.ts';

export interface LoadedSpec {
  /** Null when there is any fault of severity error. */
  readonly spec: Spec | null;
  /** Every fault; those of the manifest first. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stubs: ReadonlyMap<UnitId, Stubs>;
}

interface UnitParts {
  readonly unit: DeclaredUnit;
  readonly file: string;
  readonly agent: AgentWish | null;
  readonly scenarios: readonly Scenario[];
  readonly stubFile: string | null;
  readonly stubs: Stubs | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and validates a whole spec directory. Never rejects for anything that is on the disk. */
export async function loadSpec(location: SpecLocation): Promise<LoadedSpec> {
  const source = await readSource(location.manifestFile);
  if (!source.ok) return { spec: null, diagnostics: [source.error], stubs: new Map() };
  const parsed = parseManifest(source.value.text, location.manifestFile);
  // Without units everything else would be an orphan: the faults of the manifest come first.
  if (parsed.declared.length === 0)
    return { spec: null, diagnostics: parsed.diagnostics, stubs: new Map() };
  const unitsDir = join(location.dir, 'units');
  const scenariosDir = join(location.dir, 'scenarios');
  const top = await readFolder(location.dir, location.dir);
  const units = await readFolder(unitsDir, location.dir);
  const scenarios = await readFolder(scenariosDir, location.dir);
  const present = { files: new Set(units.files), folders: new Set(scenarios.folders) };
  const parts = await pMap(parsed.declared, (unit) => readUnit(location, unit, present), {
    concurrency: CONCURRENCY,
  });
  const diagnostics = sorted(location, [
    ...parsed.diagnostics,
    ...parts.flatMap((part) => part.diagnostics),
    // What else is there is nobody's secret: only these two are kept from code agents.
    ...top.diagnostics.filter(({ file }) => file === unitsDir || file === scenariosDir),
    ...units.diagnostics,
    ...scenarios.diagnostics,
    ...orphans(location, parsed.declared, {
      unitFiles: units.files,
      folders: scenarios.folders,
      strays: scenarios.files,
    }),
  ]);
  return {
    spec: specOf(location, parsed, { parts, diagnostics }),
    diagnostics,
    stubs: stubsOf(parts),
  };
}

interface Present {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

async function readUnit(
  { dir }: SpecLocation,
  unit: DeclaredUnit,
  present: Present,
): Promise<UnitParts> {
  const file = join(dir, 'units', `${unit.id}.md`);
  const diagnostics: Diagnostic[] = [];
  let agent: AgentWish | null = null;
  if (present.files.has(`${unit.id}.md`)) {
    const source = await readSource(file);
    if (source.ok) {
      const read = readUnitFile(source.value, unit);
      diagnostics.push(...read.diagnostics);
      agent = read.agent;
    } else diagnostics.push(source.error);
  } else {
    const message = `Unit \`${unit.id}\` has no file \`units/${unit.id}.md\`.`;
    diagnostics.push(diagnose(unit.place, { rule: 'missing-unit-file', message }));
  }
  const folder = present.folders.has(unit.id) ? join(dir, 'scenarios', unit.id) : null;
  const found = folder === null ? null : await readScenarios(folder, unitId(unit.id), dir);
  if (found === null || (found.scenarios.length === 0 && !hasErrors(found.diagnostics))) {
    const message = `Unit \`${unit.id}\` has no scenario in \`scenarios/${unit.id}/\`.`;
    diagnostics.push(diagnose(unit.place, { rule: 'unit-without-scenarios', message }));
  } else if (found.scenarios.length > 0 && found.scenarios.every(({ sealed }) => sealed)) {
    const message = `Every scenario of unit \`${unit.id}\` is sealed.`;
    diagnostics.push(diagnose(unit.place, { rule: 'only-sealed', message }));
  }
  return {
    unit,
    file,
    agent,
    scenarios: found?.scenarios ?? [],
    stubFile: found?.stubFile ?? null,
    stubs: found?.stubs ?? null,
    diagnostics: [...diagnostics, ...(found?.diagnostics ?? [])],
  };
}

interface Entries {
  readonly unitFiles: readonly string[];
  readonly folders: readonly string[];
  readonly strays: readonly string[];
}

/** Files and directories that belong to no unit. */
function orphans(
  { dir }: SpecLocation,
  declared: readonly DeclaredUnit[],
  entries: Entries,
): Diagnostic[] {
  const ids = new Set(declared.map((unit) => unit.id));
  const at = (...path: string[]) => ({ file: join(dir, ...path), line: 1, column: 1 });
  return [
    ...entries.unitFiles
      .filter((name) => name.endsWith('.md') && !ids.has(name.slice(0, -3)))
      .map((name) =>
        diagnose(at('units', name), {
          rule: 'orphan-unit-file',
          message: `The manifest declares no unit \`${name.slice(0, -3)}\`.`,
        }),
      ),
    ...entries.folders
      .filter((name) => !ids.has(name))
      .map((name) =>
        diagnose(at('scenarios', name), {
          rule: 'orphan-scenarios',
          message: `The manifest declares no unit \`${name}\`.`,
        }),
      ),
    ...entries.strays
      .filter((name) => /\.md$/i.test(name))
      .map((name) =>
        diagnose(at('scenarios', name), {
          rule: 'scenario-not-read',
          message: 'This file is in no directory of a unit.',
        }),
      ),
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sorted({ manifestFile }: SpecLocation, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const first = (d: Diagnostic) => (d.file === manifestFile ? 0 : 1);
  return diagnostics.toSorted(
    (a, b) =>
      first(a) - first(b) || compare(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
}

function specOf(
  location: SpecLocation,
  { manifest }: ParsedManifest,
  { parts, diagnostics }: { parts: readonly UnitParts[]; diagnostics: readonly Diagnostic[] },
): Spec | null {
  if (manifest === null || hasErrors(diagnostics)) return null;
  const { name, dir, manifestFile } = location;
  return {
    name,
    dir,
    manifestFile,
    manifest,
    unitFiles: new Map(parts.map((part) => [unitId(part.unit.id), part.file])),
    scenarios: new Map(parts.map((part) => [unitId(part.unit.id), part.scenarios])),
    agents: new Map(
      parts.flatMap(({ unit, agent }) => (agent === null ? [] : [[unitId(unit.id), agent]])),
    ),
    stubFiles: new Map(
      parts.flatMap((part) =>
        part.stubFile === null ? [] : [[unitId(part.unit.id), part.stubFile]],
      ),
    ),
  };
}

const stubsOf = (parts: readonly UnitParts[]): Map<UnitId, Stubs> =>
  new Map(
    parts.flatMap((part) => (part.stubs === null ? [] : [[unitId(part.unit.id), part.stubs]])),
  );
