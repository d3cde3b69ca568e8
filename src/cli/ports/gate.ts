import { join } from 'node:path';
import {
  backOut,
  forgetBackOuts,
  lawSymptom,
  sameProduct,
  type Repository,
} from '../../barrier/index.ts';
import { ok, type Spec, type UnitId } from '../../domain/index.ts';
import { createGate, verify, type GateGround, type VerifyResult } from '../../evaluation/index.ts';
import type { Gate } from '../../orchestrator/index.ts';
import type { Route } from '../../process/index.ts';
import type { World } from '../world.ts';
import { infra } from './infra.ts';
import type { Products } from './products.ts';

export interface GatePort extends Pick<
  GateGround,
  'aside' | 'repeatable' | 'symptoms' | 'constitution' | 'left'
> {
  readonly world: World;
  readonly repo: Repository;
  readonly spec: Spec;
  /** Id of the run. */
  readonly run: string;
  readonly branch: string;
  /** The project's own test command; null where none was declared. */
  readonly verify: string | null;
  readonly products: Products;
  readonly env: Readonly<Record<string, string>>;
  /** Ways to what the tests need of this machine. */
  readonly routes: readonly Route[];
  readonly timeoutMs: number;
  readonly runDir: string;
}

/** What units that passed go through before their box is ticked, and the whole product at the end. */
export function gateFor(of: GatePort): Gate {
  const gate = gateOf(of);
  return {
    async run(task, signal) {
      const { repo, branch, run } = of;
      const forgotten = await forgetBackOuts(repo, { branch, run, to: task.commit });
      return forgotten.ok ? gate.run(task, signal) : infra(forgotten.error);
    },
  };
}

const gateOf = (of: GatePort): Gate =>
  createGate({
    aside: of.aside,
    repeatable: of.repeatable,
    symptoms: of.symptoms,
    constitution: of.constitution,
    left: of.left,
    lawSymptom,
    sameProduct: (one, other) => sameProduct(of.repo, one, other),
    verify: of.verify === null ? null : verifierOf(of, of.verify),
    backOut: async (unit, landings) => {
      const out = await backOut(of.repo, {
        branch: of.branch,
        run: of.run,
        spec: of.spec.name,
        unit,
        title: titleOf(of.spec, unit),
        landings,
        date: of.world.now().toISOString(),
      });
      return out.ok ? out : infra(out.error);
    },
  });

const titleOf = ({ manifest }: Spec, unit: UnitId): string =>
  manifest.units.find(({ id }) => id === unit)?.title ?? unit;

/** Tests that passed on a product have passed on it; they are run again on any other, and after a failure. */
function verifierOf(of: GatePort, command: string): NonNullable<GateGround['verify']> {
  const run = runnerOf(of, command);
  let passed: { readonly commit: string; readonly result: VerifyResult } | null = null;
  return async (commit, signal) => {
    if (passed !== null && (await sameProduct(of.repo, passed.commit, commit)))
      return ok(asBefore(passed.result));
    const verified = await run(commit, signal);
    if (verified.ok && verified.value.seen === null) passed = { commit, result: verified.value };
    return verified;
  };
}

const asBefore = ({ step, seen }: VerifyResult): VerifyResult => ({
  seen,
  step: {
    ...step,
    detail: `${step.detail} at an earlier gate, on this very product`,
    reused: true,
  },
});

/** A tree of its own for each time: what an earlier one built must not make the next one pass. */
const runnerOf =
  (of: GatePort, command: string): NonNullable<GateGround['verify']> =>
  async (commit, signal) => {
    const product = await of.products.tree(commit, 'verify');
    if (!product.ok) return infra(product.error);
    try {
      return await verify(
        {
          command,
          dir: product.value.dir,
          env: of.env,
          sandbox: of.repo.sandbox,
          view: { read: product.value.read, routes: of.routes },
          timeoutMs: of.timeoutMs,
          logFile: join(of.runDir, 'logs', `verify-${commit.slice(0, 10)}.log`),
          marker: of.run,
        },
        signal,
      );
    } finally {
      await product.value.dispose();
    }
  };
