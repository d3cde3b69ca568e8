import {
  ok,
  type AgentReport,
  type GateStep,
  type Infra,
  type Result,
  type Violation,
} from '../../domain/index.ts';
import type { Inquiry, Lawfulness, Standing } from './inquiry.ts';
import { blame } from './inquiry.ts';

type Lawful = Result<
  {
    readonly standing: Standing;
    readonly step: GateStep;
    readonly violations: readonly Violation[];
    readonly agents: readonly AgentReport[];
  },
  Infra
>;

/** More places than this are not told at once. */
const MOST = 5;

/**
 * The rules of CONSTITUTION.md over what the run changed. L1 sends the unit back that brought the violation, L2 asks a person about it,
 * L3 and what was there before the run are only told.
 */
export async function constitutionStep(inquiry: Inquiry, from: Standing): Promise<Lawful> {
  const { ground, task, signal } = inquiry;
  if (ground.constitution === null) {
    const step: GateStep = {
      name: 'constitution',
      outcome: 'skipped',
      detail: 'no CONSTITUTION.md',
    };
    return ok({ standing: from, step, violations: [], agents: [] });
  }
  const found = await ground.constitution(from.commit, signal);
  if (!found.ok) return found;
  const { violations, agents } = found.value;
  const accepted = new Set(task.accepted);
  const open = violations.filter(
    ({ id, unit, level }) => unit !== null && level !== 'L3' && !accepted.has(id),
  );
  const first = open.filter(({ level }) => level === 'L1');
  const second = open.filter(({ level }) => level === 'L2');
  let standing = from;
  for (const unit of task.units) {
    const mine = ({ unit: by }: Violation) => by === unit;
    const symptoms = first.filter(mine).slice(0, MOST).map(ground.lawSymptom);
    standing = blame(inquiry, standing, { unit, symptoms });
    const asked = second.filter(mine);
    if (symptoms.length === 0 && asked.length > 0)
      standing = {
        ...standing,
        escalated: [...standing.escalated, { unit, kind: 'violation', detail: detailOf(asked) }],
      };
  }
  // At the end nobody can be sent back any more: what blocks, blocks the run.
  if (task.group === null && open.length > 0) standing = { ...standing, through: false };
  return ok({ standing, violations, agents, step: stepOf(found.value, open) });
}

const placeOf = ({ file, line }: Violation): string => (line === null ? file : `${file}:${line}`);

function detailOf(violations: readonly Violation[]): string {
  const told = violations.slice(0, MOST).map((each) => `${placeOf(each)}: ${each.message}`);
  const more = violations.length - told.length;
  return `its work breaks rules of level L2: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function stepOf({ violations, rules, notes }: Lawfulness, open: readonly Violation[]): GateStep {
  const count = (level: Violation['level']) =>
    violations.filter((each) => each.unit !== null && each.level === level).length;
  const earlier = violations.filter(({ unit }) => unit === null).length;
  const told = [
    `${rules} ${rules === 1 ? 'rule' : 'rules'}: ${count('L1')} L1, ${count('L2')} L2, ${count('L3')} L3`,
    ...(earlier > 0 ? [`${earlier} there before the run`] : []),
  ];
  const outcome = open.length > 0 ? 'failed' : rules === 0 ? 'skipped' : 'passed';
  const detail = rules === 0 ? 'no rule in CONSTITUTION.md can be applied' : told.join('; ');
  const more = notes.length > 0 ? { notes: [...notes] } : {};
  return { name: 'constitution', outcome, detail, ...more };
}
