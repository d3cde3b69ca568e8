import { relative } from 'node:path';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Files that keep a processor busy for long, the longest first. A fresh clone knows nothing of how long they took the last time. */
const LONG: readonly string[] = [
  'cli/examples',
  'crash/crash',
  'docs/tutorial',
  'examples/examples',
  'cli/gate-regression',
  // Many processes at once by itself: not beside the very longest.
  'hostile/hostile',
  'cli/bad-project',
  'barrier/odd-files',
  'evaluation/browser',
  'cli/bad-machine',
  'cli/bad-service',
  'cli/decide-unit',
  'cli/info-machine',
  'library/package',
  'cli/bad-manifest',
  'cli/bad-author',
  'cli/wall',
];

/** A file that starts late and takes long would be waited for by one processor while the others have nothing left to do. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files.filter((file) => rankOf(file) === -1));
    const long = files.filter((file) => rankOf(file) !== -1);
    return [...long.toSorted((one, other) => rankOf(one) - rankOf(other)), ...rest];
  }
}

const rankOf = ({ moduleId, project }: TestSpecification): number =>
  LONG.indexOf(relative(`${project.config.root}/test`, moduleId).replace(/\.test\.ts$/, ''));
