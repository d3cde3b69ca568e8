import { ok, type GateStep, type Infra, type Result } from '../../domain/index.ts';
import type { VerifyResult } from './verify.ts';
import type { Inquiry, Standing, Stepped } from './inquiry.ts';
import { blame, firstFailing, since, takeOut } from './inquiry.ts';

/**
 * The project's own checks on what has landed. Where they fail, the landings since they last passed are tried one by one on side trees; the
 * one that breaks them is taken out of the branch, and so on until they pass.
 */
export async function verifyStep(inquiry: Inquiry, from: Standing): Promise<Stepped> {
  const { ground, signal } = inquiry;
  const { verify } = ground;
  if (verify === null) {
    const detail = 'no verify command is declared';
    return ok({ standing: from, step: { name: 'verify', outcome: 'skipped', detail } });
  }
  const known = new Map<string, VerifyResult>();
  const look = async (commit: string): Promise<Result<VerifyResult, Infra>> => {
    const before = known.get(commit);
    if (before !== undefined) return ok(before);
    const seen = await confirmed(() => verify(commit, signal));
    if (seen.ok) known.set(commit, seen.value);
    return seen;
  };
  const first = await look(from.commit);
  if (!first.ok) return first;
  if (first.value.seen === null) return ok({ standing: from, step: first.value.step });
  return repaired(inquiry, { from, first: first.value, look });
}

/** A failure counts when it comes twice: nobody's work is taken out because tests are flaky. */
async function confirmed(
  verify: () => Promise<Result<VerifyResult, Infra>>,
): Promise<Result<VerifyResult, Infra>> {
  const first = await verify();
  if (!first.ok || first.value.seen === null || first.value.seen.outcome === 'timeout')
    return first;
  const second = await verify();
  if (!second.ok || second.value.seen !== null) return second;
  const { step } = second.value;
  const notes = ['verify failed once, and passed when it was run again: its tests are flaky'];
  return ok({ seen: null, step: { ...step, notes } });
}

interface Trouble {
  readonly from: Standing;
  readonly first: VerifyResult;
  readonly look: (commit: string) => Promise<Result<VerifyResult, Infra>>;
}

async function repaired(inquiry: Inquiry, { from, first, look }: Trouble): Promise<Stepped> {
  let standing = from;
  const done: string[] = [];
  const told = (more: string): GateStep => ({
    ...first.step,
    detail: [first.step.detail, ...done, more].join('; '),
  });
  const stuck = (why: string, but: Standing = standing): Stepped =>
    ok({ standing: { ...but, proven: false, through: false }, step: told(why) });
  for (;;) {
    const now = await look(standing.commit);
    if (!now.ok) return now;
    if (now.value.seen === null) return ok({ standing, step: told('then it passed') });
    const found = await culprit(inquiry, standing, look);
    if (!found.ok) return found;
    if (found.value === 'base')
      return stuck('it failed before this run too', everybody(inquiry, standing, now.value));
    if (found.value === null) return stuck('no landing breaks it');
    const { unit } = found.value;
    const symptoms = inquiry.ground.symptoms(unit, [now.value.seen]);
    const blamed = blame(inquiry, standing, { unit, symptoms });
    const out = inquiry.task.completed.includes(unit)
      ? ok(false as const)
      : await takeOut(inquiry, blamed, { unit, from: inquiry.task.proven.landings });
    if (!out.ok) return out;
    if (out.value === false)
      return stuck(`broken by the work of ${unit}, which cannot be taken out alone`, blamed);
    standing = out.value;
    done.push(`broken by the work of ${unit}, which was taken out`);
  }
}

/** The landing that breaks them; `base`: they did not pass before the first one either. */
async function culprit(
  { task }: Inquiry,
  { landings }: Standing,
  look: Trouble['look'],
): Promise<Result<{ readonly unit: Inquiry['task']['units'][number] } | 'base' | null, Infra>> {
  if (task.proven.landings === 0) {
    const base = await look(task.proven.commit);
    if (!base.ok) return base;
    if (base.value.seen !== null) return ok('base');
  }
  return firstFailing(since(landings, task.proven.landings), async (commit) => {
    const seen = await look(commit);
    return seen.ok ? ok(seen.value.seen !== null) : seen;
  });
}

/** Checks that never passed are everybody's to repair who is in the gate. */
function everybody(inquiry: Inquiry, standing: Standing, { seen }: VerifyResult): Standing {
  return inquiry.task.units.reduce(
    (blamed, unit) =>
      blame(inquiry, blamed, {
        unit,
        symptoms: seen === null ? [] : inquiry.ground.symptoms(unit, [seen]),
      }),
    standing,
  );
}
