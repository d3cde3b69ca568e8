import type { Command, RunFact } from '../../../src/domain/index.ts';
import { codeRunOf } from './world.ts';

/** What is over the moment it is said. */
const AT_ONCE: readonly Command['do'][] = [
  'start group',
  'finish group',
  'trip',
  'ask',
  'finish',
  'stop',
  'pause',
];

export const isAtOnce = (command: Command): boolean => AT_ONCE.includes(command.do);

/** The fact that a command begins with. */
export function beginningOf(command: Command): RunFact {
  switch (command.do) {
    case 'start group':
      return { type: 'group.started', group: command.group };
    case 'finish group':
      return { type: 'group.finished', group: command.group };
    case 'code':
      return { type: 'code.started', ...codeRunOf(command) };
    case 'audit':
      return { type: 'audit.started', base: command.base };
    case 'trip': {
      const { what, where } = command;
      return { type: 'run.tripped', what, where, unit: null, operation: null };
    }
    case 'land':
      return { type: 'land.started', unit: command.unit };
    case 'compile checks':
      return { type: 'checks.started', unit: command.unit };
    case 'ready service':
      return { type: 'service.started', group: command.group, action: command.action };
    case 'evaluate': {
      const { unit, iteration, commit, aside } = command;
      return { type: 'evaluation.started', unit, iteration, commit, ...(aside && { aside }) };
    }
    case 'second opinion': {
      const { unit, iteration, commit, doubts } = command;
      const scenarios = doubts.map(({ check }) => check.scenario);
      return { type: 'opinion.started', unit, iteration, commit, scenarios };
    }
    case 'gate':
      return { type: 'gate.started', group: command.group, units: [...command.units] };
    case 'measure sealed':
      return { type: 'sealed.started', units: command.units.map(({ unit }) => unit) };
    case 'edit manifest': {
      const { tick, status } = command;
      return { type: 'manifest.editing', tick: [...tick], status, before: 'b', after: 'a' };
    }
    case 'await limit':
      return { type: 'limit.waiting', provider: command.provider, until: command.until };
    case 'ask':
      return { type: 'question.asked', question: command.question };
    case 'finish':
      return { type: 'run.finished', status: command.status };
    case 'stop':
      return { type: 'run.stopped', reason: command.reason, detail: command.detail };
    case 'pause':
      return { type: 'run.paused' };
  }
}
