import { relative } from 'node:path';
import type { Place } from '../../domain/index.ts';
import { loadSpec, type SpecLocation } from '../../manifest/index.ts';
import { aligned } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { locateSpec, projectOf } from '../project/project.ts';
import { faulty, refuse, refused } from '../refusal.ts';
import { factorySchema } from '../settings/file.ts';
import { gather, type Gathered } from '../settings/gather.ts';
import { resolve, saidOfService, serviceOf, type Source } from '../settings/layers.ts';
import {
  SETTING_NAMES,
  SETTINGS,
  variableOf,
  type Said,
  type SettingName,
} from '../settings/table.ts';
import { textsOf } from '../settings/words.ts';
import type { World } from '../world.ts';

export interface ConfigArguments {
  /** Whose manifest has a say too; none: the settings of the project. */
  readonly spec: string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** What holds for one setting, and who said so. */
interface Row {
  readonly name: SettingName;
  readonly value: unknown;
  readonly from: Source | 'default';
  /** The flag, the variable, or file, line and column; null for a default. */
  readonly where: string | null;
}

/** Every setting as a run called the same way would have it. Reads only. */
export async function config(world: World, { spec, flags }: ConfigArguments): Promise<number> {
  if (flags['schema'] === true) {
    world.stdout.write(`${JSON.stringify(factorySchema(), null, 2)}\n`);
    return EXIT.completed;
  }
  const project = projectOf(world, spec);
  const gathered = await gather(world, project, flags);
  if (!gathered.ok) return refuse(world, gathered.error);
  let manifest: Manifested = { said: {}, file: null };
  if (spec !== undefined) {
    const location = await locateSpec(world, spec);
    if (!location.ok) return refuse(world, refused(location.error).error);
    const loaded = await loadSpec(location.value);
    if (loaded.spec === null) return refuse(world, (await faulty(world, loaded.diagnostics)).error);
    manifest = {
      said: saidOfService(loaded.spec.manifest.service),
      file: loaded.spec.manifestFile,
    };
  }
  const rows = rowsOf(gathered.value, manifest, (file) => relative(project, file));
  if (flags['json'] === true) world.stdout.write(`${JSON.stringify(jsonOf(rows), null, 2)}\n`);
  else world.stdout.write(`${textOf(rows)}\n`);
  return EXIT.completed;
}

interface Manifested {
  readonly said: Said;
  readonly file: SpecLocation['manifestFile'] | null;
}

function rowsOf(
  { layers: gathered, places }: Gathered,
  manifest: Manifested,
  short: (file: string) => string,
): readonly Row[] {
  const layers = { ...gathered, manifest: manifest.said };
  // Of the block one source is taken whole, so that the others have no say in it.
  const { setting } = serviceOf(layers);
  const service = saidOfService(setting);
  const placed = (place: Place | undefined) =>
    place === undefined ? null : `${short(place.file)}:${place.line}:${place.column}`;
  return SETTING_NAMES.map((name): Row => {
    const { value, from: sources } = resolve(layers, name);
    const ofService = SETTINGS[name].key.startsWith('service');
    const [from] = sources;
    if (from === undefined || (ofService && service[name] === undefined))
      return { name, value: SETTINGS[name].fallback, from: 'default', where: null };
    const where = {
      flag: `--${SETTINGS[name].flag}`,
      environment: variableOf(name),
      file: placed(places[name]),
      manifest: manifest.file === null ? null : short(manifest.file),
    };
    if (ofService) return { name, value: service[name], from, where: where[from] };
    return { name, value, from, where: sources.map((source) => where[source]).join(', ') };
  });
}

const jsonOf = (rows: readonly Row[]): object => ({
  settings: Object.fromEntries(
    rows.map(({ name, value, from, where }) => [
      SETTINGS[name].key,
      { value, from, where, flag: `--${SETTINGS[name].flag}`, variable: variableOf(name) },
    ]),
  ),
});

const textOf = (rows: readonly Row[]): string =>
  aligned([
    ['setting', 'value', 'from'],
    ...rows.map(({ name, value, where }) => [
      SETTINGS[name].key,
      value === null || value === undefined
        ? `(${SETTINGS[name].otherwise})`
        : textsOf(value as NonNullable<Said[SettingName]>).join(', '),
      where ?? 'default',
    ]),
  ]).join('\n');
