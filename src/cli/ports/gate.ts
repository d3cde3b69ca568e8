import { join } from 'node:path';
import { symptomsFromTraffic } from '../../barrier/index.ts';
import { ok, type Problem, type Result } from '../../domain/index.ts';
import { verify } from '../../evaluation/index.ts';
import type { Gate } from '../../orchestrator/index.ts';
import type { Sandbox } from '../../process/index.ts';
import { infra } from './infra.ts';

export interface GatePort {
  /** The project's own test command; null where none was declared. */
  readonly verify: string | null;
  readonly product: (commit: string) => Promise<Result<{ readonly dir: string }, Problem>>;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly timeoutMs: number;
  readonly runDir: string;
  readonly marker: string;
}

/** What units that passed go through before their box is ticked. For now: the project's own tests on the landed tree. */
export function gateFor(of: GatePort): Gate {
  return {
    async run({ group, units, commit }, signal) {
      if (of.verify === null)
        return ok({
          steps: [{ name: 'verify', outcome: 'skipped', detail: 'no verify command is declared' }],
          blamed: [],
        });
      const product = await of.product(commit);
      if (!product.ok) return infra(product.error);
      const verified = await verify(
        {
          command: of.verify,
          dir: product.value.dir,
          env: of.env,
          sandbox: of.sandbox,
          timeoutMs: of.timeoutMs,
          logFile: join(of.runDir, 'logs', `verify-group-${group}.log`),
          marker: of.marker,
        },
        signal,
      );
      if (!verified.ok) return verified;
      const { step, seen } = verified.value;
      const [symptom] =
        seen === null ? [] : symptomsFromTraffic({ exchanges: [seen], unitText: '' });
      const blamed = symptom === undefined ? [] : units.map((unit) => ({ unit, symptom }));
      return ok({ steps: [step], blamed });
    },
  };
}
