import {
  ok,
  type GateReport,
  type GateStep,
  type GateTask,
  type Infra,
  type Result,
  type UnitId,
} from '../../domain/index.ts';
import { constitutionStep } from './constitution-step.ts';
import type { GateGround, Inquiry, Standing } from './inquiry.ts';
import { standingOf } from './inquiry.ts';
import { regressionStep } from './regression-step.ts';
import { verifyStep } from './verify-step.ts';

/** The ordered gate: the project's own checks, what held before, the constitution. */
export function createGate(ground: GateGround): {
  run(task: GateTask, signal: AbortSignal): Promise<Result<GateReport, Infra>>;
} {
  return {
    async run(task, signal) {
      const inquiry: Inquiry = { ground, task, signal };
      const working = await behaviour(inquiry);
      if (!working.ok) return working;
      const { steps, holding } = working.value;
      const law = await constitutionStep(inquiry, working.value.standing);
      if (!law.ok) return law;
      const { standing, violations, agents } = law.value;
      const { commit, blamed, escalated, waiting, backedOut, proven, through } = standing;
      return ok({
        commit,
        steps: [...steps, law.value.step],
        blamed: [...blamed],
        escalated: [...escalated],
        waiting: [...waiting],
        backedOut: [...backedOut],
        violations: [...violations],
        agents: [...agents],
        holding: [...holding],
        proven,
        through,
      });
    },
  };
}

interface Behaviour {
  readonly standing: Standing;
  readonly steps: readonly GateStep[];
  readonly holding: readonly UnitId[];
}

/** Verify and regression, again from the start whenever work was taken out. */
async function behaviour(inquiry: Inquiry): Promise<Result<Behaviour, Infra>> {
  let standing = standingOf(inquiry.task);
  let steps: readonly GateStep[] = [];
  for (;;) {
    const verified = await verifyStep(inquiry, standing);
    if (!verified.ok) return verified;
    ({ standing } = verified.value);
    if (!standing.proven) {
      const detail = 'the project’s own checks fail';
      const skipped: GateStep = { name: 'regression', outcome: 'skipped', detail };
      return ok({ standing, steps: merged(steps, [verified.value.step, skipped]), holding: [] });
    }
    const { commit } = standing;
    const held = await regressionStep(inquiry, standing);
    if (!held.ok) return held;
    ({ standing } = held.value);
    steps = merged(steps, [verified.value.step, held.value.step]);
    if (standing.commit === commit) return ok({ standing, steps, holding: held.value.holding });
    // What could not be explained with the work in place is looked at anew without it.
    standing = { ...standing, through: true };
  }
}

/** Step by step the first failure, which says most; else the last word. */
const merged = (before: readonly GateStep[], now: readonly GateStep[]): readonly GateStep[] =>
  now.map((step, at) => {
    const was = before[at];
    return was?.outcome === 'failed' ? was : step;
  });
