import { auditStore, holdoutsOf, type Holdouts, type Repository } from '../../barrier/index.ts';
import { ok } from '../../domain/index.ts';
import type { Auditor } from '../../orchestrator/index.ts';
import { infra } from './infra.ts';

export interface Auditing {
  readonly repo: Repository;
  /** `strict`: history is read anew for every base. */
  readonly thorough: boolean;
}

/** What an agent would be given of a commit, looked into before the first of them gets it. */
export function auditorFor({ repo, thorough }: Auditing): Auditor {
  let known: Holdouts | null = null;
  return {
    async audit(base) {
      if (known === null || thorough) {
        const holdouts = await holdoutsOf(repo);
        if (!holdouts.ok) return infra(holdouts.error);
        known = holdouts.value;
      }
      const store = await auditStore(repo, base, known);
      return store.ok ? ok({ ...store.value, hunt: null }) : infra(store.error);
    },
  };
}
