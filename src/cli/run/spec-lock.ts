import { lockSpec } from '../../journal/index.ts';
import { quoted } from '../../report/index.ts';
import type { World } from '../world.ts';
import type { Prepared } from './prepare.ts';

/** Takes the lock of a spec for this command, or says who holds it. */
export const lockFor = (
  world: World,
  { project, location }: Pick<Prepared, 'project' | 'location'>,
): ReturnType<typeof lockSpec> =>
  lockSpec(project, location.name, {
    pid: world.pid,
    host: world.host,
    started: world.now().toISOString(),
    command: ['implement-factory', ...world.argv.slice(2).map(quoted)].join(' '),
  });
