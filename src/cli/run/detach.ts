import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lockHolder, logFileFor, openStore } from '../../journal/index.ts';
import { startDetached } from '../../process/index.ts';
import { EXIT } from '../exit.ts';
import { locateSpec, projectOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

const LOOK_MS = 100;

/**
 * Starts the same command in a process of its own and comes back as soon as that one is at work, with exit code 0; or with its exit code
 * and words when it ended before. Whoever starts it may end: a terminal, an agent's shell, a CI step.
 */
export async function runDetached(world: World, spec: string | undefined): Promise<number> {
  const location = await locateSpec(world, spec);
  if (!location.ok) return refuse(world, refused(location.error).error);
  const { name } = location.value;
  const project = projectOf(world, spec);
  const before = await lockHolder(project, name);
  if (before.ok && before.value !== null) {
    world.stderr.write(`${name}: a run is at work already, process ${String(before.value.pid)}\n`);
    return EXIT.completed;
  }
  const log = logFileFor(project, name);
  if (!log.ok) return refuse(world, refused(log.error, EXIT.stopped).error);
  const begun = beginning(world, project, name);
  const child = startDetached({
    command: [world.node, ...world.argv.slice(1).filter((word) => word !== '--detach')] as [string],
    cwd: world.cwd,
    env: world.env,
    logFile: log.value,
  });
  let code: number | null | undefined;
  void child.ended.then((end) => (code = end));
  for (;;) {
    const holder = await lockHolder(project, name);
    if (holder.ok && holder.value?.pid === child.pid && code === undefined && begun()) break;
    if (code !== undefined) {
      world.stderr.write(await readFile(log.value, 'utf8'));
      return code ?? EXIT.stopped;
    }
    await pause(LOOK_MS);
  }
  child.letGo();
  world.stderr.write(
    `${name}: at work, process ${String(child.pid)}; its words go to ${join(log.value)}\n` +
      `  implement-factory wait ${name}\n  implement-factory status ${name}\n`,
  );
  return EXIT.completed;
}

/** Says whether a run was begun or taken up since: who holds the lock may still have to refuse. */
function beginning(world: World, project: string, spec: string): () => boolean {
  const store = openStore(project, world.now);
  const before = store.written(spec);
  return () => {
    const now = store.written(spec);
    if (!before.ok || !now.ok) return true;
    const known = now.value.run === before.value.run ? before.value.bytes : 0;
    return now.value.bytes > known;
  };
}
