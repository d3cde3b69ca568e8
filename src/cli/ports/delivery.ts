import { deliver, type Repository } from '../../barrier/index.ts';
import { ok } from '../../domain/index.ts';
import type { Delivery } from '../../orchestrator/index.ts';
import { infra } from './infra.ts';

/** Copies a finished group into a project without git; with git, work stays on the run branch until `finish`. */
export function deliveryFor(repo: Repository): Delivery {
  return {
    async deliver(change) {
      if (repo.kind === 'branch' || change.from === change.to) return ok({ note: null });
      const delivered = await deliver(repo, change);
      if (!delivered.ok) return infra(delivered.error);
      const { kept } = delivered.value;
      if (kept.length === 0) return ok({ note: null });
      return ok({
        note: `left alone, because you changed them since the run began: ${kept.join(', ')}; the factory's versions are in .factory/`,
      });
    },
  };
}
