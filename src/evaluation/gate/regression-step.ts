import {
  ok,
  type GateStep,
  type Infra,
  type Proof,
  type Result,
  type UnitId,
} from '../../domain/index.ts';
import type { AsideVerdict } from '../verdict/aside.ts';
import type { Inquiry, Standing } from './inquiry.ts';
import { blame, brokenBefore, firstFailing, since, takeOut } from './inquiry.ts';

export type Regressed = Result<
  {
    readonly standing: Standing;
    readonly step: GateStep;
    /** Units whose scenarios pass at the commit. */
    readonly holding: readonly UnitId[];
  },
  Infra
>;

const step = (outcome: GateStep['outcome'], detail: string): GateStep => ({
  name: 'regression',
  outcome,
  detail,
});

const count = (scenarios: number): string =>
  scenarios === 1 ? '1 scenario' : `${scenarios} scenarios`;

const sizeOf = (proofs: readonly Proof[]): number =>
  proofs.reduce((sum, { checks }) => sum + checks.length, 0);

/**
 * What passed before passes still. A check that does not is run on the landings since it did, one by one on instances of their own: the
 * first by which it fails is to blame.
 */
export async function regressionStep(inquiry: Inquiry, standing: Standing): Promise<Regressed> {
  const { task, ground } = inquiry;
  const gone = new Set(standing.backedOut.map(({ unit }) => unit));
  const proofs = task.proofs.filter(({ unit }) => !gone.has(unit));
  const due = await dueOf(ground, standing.commit, proofs);
  const known = proofs.filter((proof) => !due.includes(proof));
  const fresh = known.map(({ unit }) => unit);
  if (!ground.repeatable)
    return ok({ standing, holding: [], step: step('skipped', 'a report cannot be repeated') });
  if (due.length === 0) return ok({ standing, holding: fresh, step: nothingDue(known) });
  const seen = await failing(inquiry, { commit: standing.commit, proofs: due });
  if (!seen.ok) return seen;
  const lost = seen.value;
  const still = due.filter(({ unit }) => !lost.some((each) => each.unit === unit));
  const holding = [...fresh, ...still.map(({ unit }) => unit)];
  const pass = passing(sizeOf(due) - lost.length, known);
  if (lost.length === 0) return ok({ standing, holding, step: pass });
  const told: string[] = [];
  const notes: string[] = [];
  let now = standing;
  for (const each of lost) {
    const judged = await judge(inquiry, now, each);
    if (!judged.ok) return judged;
    now = judged.value.standing;
    (judged.value.earlier === true ? notes : told).push(judged.value.detail);
  }
  const last = told.length > 0 ? step('failed', told.join('; ')) : pass;
  return ok({ standing: now, holding, step: notes.length > 0 ? { ...last, notes } : last });
}

/** What was measured on another product than this one. */
async function dueOf(
  { sameProduct }: Inquiry['ground'],
  commit: string,
  proofs: readonly Proof[],
): Promise<readonly Proof[]> {
  const due: Proof[] = [];
  for (const proof of proofs) {
    const { at } = proof;
    // What an earlier run saw is looked at once by this one.
    const seen =
      at.landings > 0 && (at.commit === commit || (await sameProduct(at.commit, commit)));
    if (!seen) due.push(proof);
  }
  return due;
}

/** What a measurement of this very product is taken for is told as that, not as a new one. */
const nothingDue = (known: readonly Proof[]): GateStep =>
  sizeOf(known) === 0
    ? step('skipped', 'nothing to check')
    : { ...step('passed', `nothing run again: ${seenBefore(known)}`), reused: true };

const passing = (again: number, known: readonly Proof[]): GateStep => {
  const told = `${count(again)} run again, and pass still`;
  return sizeOf(known) === 0
    ? step('passed', told)
    : { ...step('passed', `${told}; ${seenBefore(known)}`), reused: true };
};

const seenBefore = (known: readonly Proof[]): string =>
  `${count(sizeOf(known))} seen to pass on this very product`;

type Lost = AsideVerdict & { readonly proof: Proof };

/** Which of the checks fail at a commit. One that cannot say does not fail: the check is at fault then, not the product. */
async function failing(
  { ground, task, signal }: Inquiry,
  { commit, proofs }: { readonly commit: string; readonly proofs: readonly Proof[] },
): Promise<Result<readonly Lost[], Infra>> {
  const units = proofs.map(({ unit, checks }) => ({ unit, checks }));
  const occasion = task.group === null ? 'end' : `gate-${task.group}`;
  const verdicts = await ground.aside({ commit, units, runs: 1, occasion }, signal);
  if (!verdicts.ok) return verdicts;
  return ok(
    verdicts.value.flatMap((verdict) => {
      const proof = proofs.find(({ unit }) => unit === verdict.unit);
      return proof === undefined || verdict.result.outcome !== 'failed'
        ? []
        : [{ ...verdict, proof }];
    }),
  );
}

interface Judged {
  readonly standing: Standing;
  readonly detail: string;
  /** It is none of this run's doing. */
  readonly earlier?: boolean;
}

async function judge(
  inquiry: Inquiry,
  standing: Standing,
  lost: Lost,
): Promise<Result<Judged, Infra>> {
  const { task, ground } = inquiry;
  const { unit, check, proof } = lost;
  const name = `${unit}: ${check.scenario}`;
  const unclear = (why: string): Result<Judged, Infra> =>
    ok({ standing: { ...standing, through: false }, detail: `${name} passes no more, ${why}` });
  const fails = async (commit: string): Promise<Result<boolean, Infra>> => {
    const seen = await failing(inquiry, { commit, proofs: [{ ...proof, checks: [check] }] });
    return seen.ok ? ok(seen.value.length > 0) : seen;
  };
  // Taken out already, for another scenario that it broke.
  const candidates = since(standing.landings, proof.at.landings);
  if (standing.backedOut.length > 0 && candidates.length === 0)
    return unclear('without what was taken out');
  const before = await fails(proof.at.commit);
  if (!before.ok) return before;
  if (before.value && proof.at.landings > 0)
    return unclear('not even where it was measured: its check is in doubt');
  const found = await (before.value
    ? brokenBefore(ground, fails)
    : firstFailing(candidates, fails));
  if (!found.ok) return found;
  const earlier = (why: string): Result<Judged, Infra> =>
    ok({ standing, detail: `${name} fails, and did when this run began${why}`, earlier: true });
  if (found.value === null) return before.value ? earlier('') : unclear('by no landing');
  const culprit = found.value.unit;
  const seen = [
    { kind: 'verify' as const, outcome: 'regression' as const, code: null },
    ...lost.culprits,
  ];
  if (task.units.includes(culprit)) {
    const symptoms = ground.symptoms(culprit, seen).slice(0, MOST);
    const blamed = blame(inquiry, standing, { unit: culprit, symptoms });
    const waiting = unit === culprit ? blamed.waiting : [...blamed.waiting, unit];
    return ok({
      standing: { ...blamed, waiting },
      detail: `${name} passes no more since the work of ${culprit}`,
    });
  }
  if (task.completed.includes(culprit))
    return unclear(`since the work of ${culprit}, which is completed`);
  if (before.value)
    return task.group === null
      ? unclear(`since the work of ${culprit} in an earlier run`)
      : earlier(`: by the work of ${culprit}, which is built anew`);
  const out = await takeOut(inquiry, standing, { unit: culprit, from: proof.at.landings });
  if (!out.ok) return out;
  return out.value === false
    ? unclear(`since the work of ${culprit}, which cannot be taken out alone`)
    : ok({
        standing: out.value,
        detail: `${name} was broken by the work of ${culprit}, which was taken out`,
      });
}

/** More lines than this say nothing new. */
const MOST = 3;
