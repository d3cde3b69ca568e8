import { join } from 'node:path';
import type { Diagnostic, Scenario, Stubs, UnitId } from '../domain/index.ts';
import { readFolder } from './folder.ts';
import { namesakes } from './namesakes.ts';
import { readSource } from './read.ts';
import { parseScenario } from './scenario.ts';
import { diagnose } from './source.ts';
import { STUB_FILE, parseStubs, resolveStubs } from './stubs.ts';

export interface UnitScenarios {
  readonly scenarios: readonly Scenario[];
  readonly stubFile: string | null;
  readonly stubs: Stubs | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `scenarios/<id>/`: every `.md` directly in it is a scenario, `e2e-stubs.md` aside. Nothing may lead out of `within`, the spec directory. */
export async function readScenarios(
  folder: string,
  unit: UnitId,
  within: string,
): Promise<UnitScenarios> {
  const entries = await readFolder(folder, within);
  const diagnostics: Diagnostic[] = [...entries.diagnostics];
  const scenarios: Scenario[] = [];
  const own = new Set<string>();
  for (const name of entries.files) {
    const file = join(folder, name);
    if (name === STUB_FILE) continue;
    if (!name.endsWith('.md')) {
      if (/\.(?:md|markdown)$/i.test(name))
        diagnostics.push(notRead(file, 'Only files that end in `.md` are scenarios.'));
      continue;
    }
    const source = await readSource(file);
    if (!source.ok) {
      diagnostics.push(source.error);
      continue;
    }
    const { head, diagnostics: faults } = parseScenario(source.value);
    diagnostics.push(...faults);
    const base = name.slice(0, -3);
    if (head.saysPriority) own.add(base);
    const { title, priority, sealed } = head;
    scenarios.push({ unit, name: base, title: title ?? base, priority, sealed, file });
  }
  diagnostics.push(...namesakes(scenarios));
  for (const name of entries.folders) {
    diagnostics.push(
      notRead(join(folder, name), 'Scenarios in directories below this are not read.'),
    );
  }
  const hasStubs = entries.files.includes(STUB_FILE);
  const stubs = hasStubs
    ? await readStubs(join(folder, STUB_FILE), { unit, scenarios, diagnostics })
    : null;
  const ranked = scenarios.map((scenario) => {
    // What the heading of its stub says counts where the scenario says nothing.
    const stub = stubs?.stubs.find((each) => each.scenario === scenario.name);
    return stub === undefined || own.has(scenario.name)
      ? scenario
      : { ...scenario, priority: stub.priority };
  });
  return {
    scenarios: ranked,
    stubFile: hasStubs ? join(folder, STUB_FILE) : null,
    stubs,
    diagnostics,
  };
}

const notRead = (file: string, message: string): Diagnostic =>
  diagnose({ file, line: 1, column: 1 }, { rule: 'scenario-not-read', message });

interface Context {
  readonly unit: UnitId;
  readonly scenarios: readonly Scenario[];
  readonly diagnostics: Diagnostic[];
}

async function readStubs(
  path: string,
  { unit, scenarios, diagnostics }: Context,
): Promise<Stubs | null> {
  const source = await readSource(path);
  if (!source.ok) {
    diagnostics.push(source.error);
    return null;
  }
  const parsed = parseStubs(source.value.text, path);
  diagnostics.push(...parsed.diagnostics);
  if (parsed.stubs === null) return null;
  const resolved = resolveStubs({ source: source.value, file: parsed.stubs }, unit, scenarios);
  diagnostics.push(...resolved.diagnostics);
  return resolved.stubs;
}
