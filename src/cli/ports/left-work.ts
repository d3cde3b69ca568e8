import { landingsUpTo, type Repository } from '../../barrier/index.ts';
import { ok, unitId } from '../../domain/index.ts';
import type { GateGround } from '../../evaluation/index.ts';
import { infra } from './infra.ts';

export type LeftWork = GateGround['left'];

interface Leaving {
  readonly repo: Repository;
  /** Name of the spec. */
  readonly spec: string;
  /** First commit of the run. */
  readonly base: string;
  /** Units that were not complete when the run began. */
  readonly open: ReadonlySet<string>;
}

/**
 * What earlier runs landed for the units that this one builds, oldest first. It is theirs still: otherwise a run that failed by it would pass
 * when repeated. Git is asked once.
 */
export function leftWork({ repo, spec, base, open }: Leaving): LeftWork {
  let known: Awaited<ReturnType<LeftWork>> | null = null;
  return async () => {
    known ??= await read();
    const answer = known;
    if (!answer.ok) known = null;
    return answer;
  };
  async function read(): ReturnType<LeftWork> {
    const all = await landingsUpTo(repo, { spec, to: base });
    if (!all.ok) return infra(all.error);
    return ok(
      all.value
        .filter(({ unit }) => open.has(unit))
        .map((landing) => ({ ...landing, unit: unitId(landing.unit) })),
    );
  }
}
