import { dropDecision, lockHolder, type RunLog } from '../journal/index.ts';
import { decisionWords, runCommand } from '../report/index.ts';
import { EXIT } from './exit.ts';
import type { LastRun } from './project/last-run.ts';
import { refuse, refused } from './refusal.ts';
import type { World } from './world.ts';

export interface Leaving {
  readonly run: LastRun & { readonly log: RunLog };
  readonly answer: Parameters<typeof dropDecision>[1];
  /** What is decided, for the person who did. */
  readonly said: string;
}

/** Leaves a decision in the inbox of a run and tells who takes it: the run that goes on, or the next command. */
export async function leave(world: World, { run, answer, said }: Leaving): Promise<number> {
  const { project, location, view, log } = run;
  const dropped = dropDecision(log.dir, answer);
  if (!dropped.ok) return refuse(world, refused(dropped.error, EXIT.stopped).error);
  const working = await lockHolder(project, location.name);
  const taken =
    working.ok && working.value !== null
      ? 'The run that goes on takes it now.'
      : `Go on with: ${runCommand(view.state)}`;
  const { replaced } = dropped.value;
  const instead = replaced === null ? '' : `, instead of: ${decisionWords(replaced)}`;
  world.stderr.write(`${said}${instead}. ${taken}\n`);
  return EXIT.completed;
}
