import { err, ok, type Result } from '../../domain/index.ts';
import { problemText } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { faultsText, type Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { readFactoryFile, type FactoryFile } from './file.ts';
import type { Layers } from './layers.ts';
import { readEnvironment, readFlags } from './reading.ts';

/** What everybody but the manifest says. */
export interface Gathered {
  readonly layers: Layers;
  readonly places: FactoryFile['places'];
}

/** Reads flags, environment and `.start/factory.yaml`; everything that is wrong with any of them is told at once. */
export async function gather(
  world: World,
  project: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<Result<Gathered, Refusal>> {
  const flag = readFlags(flags);
  const environment = readEnvironment(world.env);
  const file = await readFactoryFile(project);
  const problems = [...flag.faults, ...environment.faults].map(problemText).join('');
  if (problems !== '' || !file.ok) {
    const faults = file.ok ? [] : file.error;
    const text = problems + (faults.length === 0 ? '' : await faultsText(world, faults));
    return err({ code: EXIT.invalid, text, faults });
  }
  const { said, places } = file.value;
  return ok({
    layers: { flag: flag.said, environment: environment.said, file: said, manifest: {} },
    places,
  });
}
