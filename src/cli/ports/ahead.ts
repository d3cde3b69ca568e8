import { prepareAnother, type Installer, type Repository } from '../../barrier/index.ts';
import type { Spec } from '../../domain/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import type { Teardown } from '../run/teardown.ts';

export interface Ahead {
  readonly repo: Repository;
  readonly installer: Installer;
  readonly spec: Spec;
  /** Waits for what is made ready beside the run. */
  readonly teardown: Teardown;
}

/**
 * The same evaluator; while it measures, what agents of the next group begin with is made ready: dependencies and template of the commit that is
 * measured, whose files are theirs when nothing lands any more. Only a hint: what comes otherwise is made by whoever needs it, and why it could not
 * be made is told there.
 */
export function preparingAhead(
  evaluator: Ports['evaluator'],
  { repo, installer, spec, teardown }: Ahead,
): Ports['evaluator'] {
  let prepared: string | null = null;
  const prepare = async (commit: string, signal: AbortSignal): Promise<void> => {
    const layer = await installer.layer(commit, signal);
    if (layer.ok && !signal.aborted) await prepareAnother(repo, commit);
  };
  return {
    evaluate(task, signal) {
      const { unit, commit } = task;
      if (commit !== prepared && isFollowed(spec, unit)) {
        prepared = commit;
        teardown.addWork(prepare(commit, signal).catch(() => undefined));
      }
      return evaluator.evaluate(task, signal);
    },
  };
}

/** Whether a group comes after that of a unit. */
const isFollowed = ({ manifest: { groups } }: Spec, unit: string): boolean =>
  groups.at(-1)?.units.every((id) => id !== unit) ?? false;
