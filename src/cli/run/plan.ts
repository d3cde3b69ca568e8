import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Plan, Spec } from '../../domain/index.ts';
import { neutralHash, sha256 } from '../../manifest/index.ts';
import type { Settings } from '../settings/settle.ts';

/** What a run of a spec sets out to do. */
export function planOf({ name, manifest, scenarios }: Spec, settings: Settings): Plan {
  return {
    spec: name,
    title: manifest.title,
    threshold: manifest.threshold,
    maxIterations: manifest.maxIterations,
    requireP0: settings.requireP0,
    slots: settings.slots,
    parallelEval: settings.parallelEval,
    infra: settings.infra,
    patience: settings.patience,
    agents: { code: settings.agent, evaluation: settings.evaluator },
    ...(settings.escalate !== null && { escalate: settings.escalate }),
    evaluation: settings.evaluation,
    budget: {
      ...settings.budget,
      agent: { usd: settings.caps.costUsd, ms: settings.caps.wallMs },
    },
    service: settings.service.kind === 'none' ? 'none' : 'possible',
    status: manifest.status,
    groups: manifest.groups.map(({ number, mode, units }) => ({ number, mode, units: [...units] })),
    units: manifest.units.map(({ id, title, after, done }) => ({
      id,
      title,
      after: [...after],
      done,
      scenarios: (scenarios.get(id) ?? []).map((scenario) => ({
        name: scenario.name,
        priority: scenario.priority,
        sealed: scenario.sealed,
      })),
    })),
  };
}

/** Hashes of everything a run is measured by, by path in the spec directory; boxes and status of the manifest aside. */
export async function inputsOf(spec: Spec): Promise<Record<string, string>> {
  const files = [
    ...spec.unitFiles.values(),
    ...[...spec.scenarios.values()].flat().map(({ file }) => file),
    ...spec.stubFiles.values(),
  ];
  const hashes: Record<string, string> = {
    'manifest.md': neutralHash(await readFile(spec.manifestFile, 'utf8')),
  };
  for (const file of files) hashes[nameIn(spec, file)] = sha256(await readFile(file));
  return hashes;
}

const nameIn = ({ dir }: Spec, file: string): string => relative(dir, file).split(sep).join('/');

/** Paths that appeared, vanished or changed between two sets of inputs. */
export function changedInputs(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .toSorted();
}

/** Path of a spec directory in its project, with `/`. */
export const specPathIn = (project: string, { dir }: Pick<Spec, 'dir'>): string =>
  relative(project, join(dir)).split(sep).join('/');
