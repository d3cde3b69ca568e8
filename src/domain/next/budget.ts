import { affords } from '../affords.ts';
import type { Command } from '../command.ts';
import { unitsOf } from '../records.ts';
import type { RunState, UnitRecord } from '../state.ts';

/** A command that sends out an agent of a unit. */
type Sending = Extract<Command, { do: 'code' | 'compile checks' | 'second opinion' | 'evaluate' }>;

const isSending = (state: RunState, command: Command): command is Sending =>
  command.do === 'code' ||
  command.do === 'compile checks' ||
  command.do === 'second opinion' ||
  (command.do === 'evaluate' && state.plan.evaluation === 'report');

/** Those commands that the budgets have room for, each with what its agent may consume. */
export function* affordable(state: RunState, commands: Iterable<Command>): Iterable<Command> {
  for (const command of commands) {
    const allotment = isSending(state, command) ? affords(state, command.unit) : null;
    if (allotment === null) yield command;
    else if (!('short' in allotment)) yield { ...command, allotment } as Sending;
  }
}

/** Why a unit of the group gets no agent, when one waits for it; null when none does. */
export function shortage(state: RunState): string | null {
  if (state.group === null) return null;
  for (const record of unitsOf(state, state.group.number).filter((each) => waits(state, each))) {
    const allotment = affords(state, record.id);
    if (allotment !== null && 'short' in allotment) return allotment.short;
  }
  return null;
}

const waits = ({ plan }: RunState, { state: { phase }, checks }: UnitRecord): boolean => {
  if (phase === 'pending' || phase === 'doubted') return true;
  return plan.evaluation === 'report' ? phase === 'landed' : checks.kind === 'missing';
};
