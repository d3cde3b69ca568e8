import type { FrozenCheck } from '../check.ts';
import type { UnitId } from '../manifest.ts';
import type { QuestionKind } from '../question.ts';
import { keptChecks, plannedUnit, recordOf } from '../records.ts';
import { err, ok, type Problem, type Result } from '../result.ts';
import type { RunState, UnitRecord } from '../state.ts';

/** Whether a person's check can take the place of another now: not of one that is at work, or has done its work. */
export function admitsFreeze(
  state: RunState,
  unit: UnitId,
  { scenario }: FrozenCheck,
): Result<null, Problem> {
  const refuse = (what: string, remedy: string) => err({ where: unit, what, remedy });
  const names = plannedUnit(state, unit).scenarios.map(({ name }) => name);
  if (!names.includes(scenario))
    return refuse(`it has no scenario "${scenario}"`, `its scenarios: ${names.join(', ')}`);
  if (state.plan.evaluation === 'report')
    return refuse('a live evaluator judges it, without checks', 'run it with --evaluation checks');
  const record = recordOf(state, unit);
  const { phase } = record.state;
  if (state.outcome !== null || phase === 'completed' || phase === 'skipped')
    return refuse(
      'it is over, so no check of it judges any more',
      'begin a new run with `implement-factory run` (a unit that is completed: untick it in manifest.md first) and freeze it there',
    );
  if (phase === 'evaluating' || phase === 'doubted' || record.checks.kind === 'compiling')
    return refuse('its checks are in use', 'freeze yours when the run asks, or has stopped');
  return ok(null);
}

/** Questions that another check may answer. */
const ABOUT_CHECKS: ReadonlySet<QuestionKind> = new Set(['inconclusive', 'exhausted', 'stalled']);

/** The check judges from now on; what was asked about because of the one before is measured again, at no iteration. */
export function frozen(record: UnitRecord, check: FrozenCheck): UnitRecord {
  const others = keptChecks(record).filter(({ scenario }) => scenario !== check.scenario);
  const checks = [...others, check];
  const next: UnitRecord = {
    ...record,
    checks:
      record.checks.kind === 'frozen'
        ? {
            kind: 'frozen',
            checks,
            broken: record.checks.broken.filter(({ scenario }) => scenario !== check.scenario),
          }
        : { ...record.checks, kept: checks },
  };
  const { state } = record;
  if (state.phase !== 'escalated' || state.commit === null) return next;
  if (!ABOUT_CHECKS.has(state.question.kind)) return next;
  const { iteration, commit } = state;
  return { ...next, state: { phase: 'landed', iteration, commit } };
}
