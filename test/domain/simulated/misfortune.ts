import type { Command, RunFact } from '../../../src/domain/index.ts';
import { cutOff, ran, type World } from './world.ts';

/** What looks for breaches in what comes out of it. */
const TRIPPABLE: readonly Command['do'][] = ['code', 'land', 'evaluate', 'ready service', 'gate'];

/** What nobody did wrong, or a breach; null when the operation comes to an end of its own. */
export function misfortune(command: Command, world: World): RunFact | null {
  const { die } = world;
  // A wait cannot fail; it can only be cut off with its process.
  if (command.do !== 'await limit' && die.roll(12) === 11) return infra(command, world);
  if (TRIPPABLE.includes(command.do) && die.roll(80) === 79) return tripped(command);
  return null;
}

const operations = {
  audit: 'audit',
  code: 'code',
  land: 'land',
  'compile checks': 'checks',
  'ready service': 'service',
  evaluate: 'evaluation',
  'second opinion': 'opinion',
  gate: 'gate',
  'measure sealed': 'sealed',
  'edit manifest': 'edit',
  'finish group': 'delivery',
  'await limit': 'limit',
} as const;

function tripped(command: Command): RunFact {
  const operation = operations[command.do as keyof typeof operations];
  const unit = 'unit' in command ? command.unit : null;
  return { type: 'run.tripped', what: 'a canary', where: 'transcript', operation, unit };
}

function infra(command: Command, world: World): RunFact {
  const { die, state } = world;
  const operation = operations[command.do as keyof typeof operations];
  const subject = 'unit' in command ? { unit: command.unit } : {};
  const budgeted = 'allotment' in command && die.roll(2) === 1;
  const sends = ['code', 'compile checks', 'gate'].includes(command.do);
  const limited = state.plan.agents !== undefined && sends && die.roll(2) === 1;
  const stuck =
    sends && !limited && !budgeted
      ? ([undefined, undefined, 'idle', 'wall'] as const)[die.roll(4)]
      : undefined;
  return {
    type: 'infra.failed',
    operation,
    ...subject,
    detail: 'the disk is full',
    ...(budgeted && { agent: ran(command, world) }),
    ...(limited && { agent: { ...cutOff(command), limited: { until: null } } }),
    ...(stuck !== undefined && { agent: { ...cutOff(command), stuck } }),
  };
}
