import {
  holdoutsOf,
  plantCanary,
  watchFor,
  type Canary,
  type Holdouts,
  type Repository,
  type Watch,
} from '../../barrier/index.ts';
import { ok, type Problem, type Result, type Spec, type UnitId } from '../../domain/index.ts';
import { readSecrets, type Secrets } from '../run/secrets.ts';

/** What every audit of a run has in common, made when it is first asked for. */
export interface Guard {
  readonly canary: () => Promise<Result<Canary, Problem>>;
  /** `anew`: history is read again, in case somebody committed meanwhile. */
  readonly holdouts: (anew?: boolean) => Promise<Result<Holdouts, Problem>>;
  readonly secrets: () => Promise<Secrets>;
  /** Recognises what must not come from a unit's work; `told` is what its agent heard beside its unit spec. */
  readonly watch: (unit: UnitId | null, told: readonly string[]) => Promise<Result<Watch, Problem>>;
}

export function guardOf({
  repo,
  spec,
  runDir,
}: {
  readonly repo: Repository;
  readonly spec: Spec;
  readonly runDir: string;
}): Guard {
  const canary = once(() => plantCanary(repo, runDir));
  let holdouts = once(() => holdoutsOf(repo));
  const secrets = once(() => readSecrets(spec));
  return {
    canary,
    holdouts(anew = false) {
      if (anew) holdouts = once(() => holdoutsOf(repo));
      return holdouts();
    },
    secrets,
    async watch(unit, told) {
      const planted = await canary();
      if (!planted.ok) return planted;
      const known = await secrets();
      const own = [...told, ...(unit === null ? [] : [known.own(unit)])].join('\n');
      return ok(watchFor({ canary: planted.value.token, holdouts: known.holdouts, own }));
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
