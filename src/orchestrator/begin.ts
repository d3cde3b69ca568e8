import type { Command, Infra, Operation, Result, RunFact, UnitId } from '../domain/index.ts';
import { ok, err } from '../domain/index.ts';
import type { Ports } from './ports.ts';

/** A command that takes time and can fail for reasons of infrastructure. */
export type Operating = Exclude<
  Command,
  { do: 'ask' | 'start group' | 'finish group' | 'pause' | 'stop' | 'trip' | 'finish' }
>;

/** The fact that an operation has begun, written before it begins. */
export async function startOf(command: Operating, ports: Ports): Promise<Result<RunFact, RunFact>> {
  switch (command.do) {
    case 'code': {
      const { unit, iteration, attempt, base, model } = command;
      const rung = model === undefined ? {} : { model };
      return ok({ type: 'code.started', unit, iteration, attempt, base, ...rung });
    }
    case 'audit':
      return ok({ type: 'audit.started', base: command.base });
    case 'land':
      return ok({ type: 'land.started', unit: command.unit });
    case 'compile checks':
      return ok({ type: 'checks.started', unit: command.unit });
    case 'ready service':
      return ok({ type: 'service.started', group: command.group, action: command.action });
    case 'evaluate': {
      const { unit, iteration, commit, aside } = command;
      const place = aside === undefined ? {} : { aside };
      return ok({ type: 'evaluation.started', unit, iteration, commit, ...place });
    }
    case 'second opinion': {
      const { unit, iteration, commit, doubts } = command;
      const scenarios = doubts.map(({ check }) => check.scenario);
      return ok({ type: 'opinion.started', unit, iteration, commit, scenarios });
    }
    case 'await limit': {
      const { provider, until, why } = command;
      return ok({ type: 'limit.waiting', provider, until, ...(why !== undefined && { why }) });
    }
    case 'gate':
      return ok({ type: 'gate.started', group: command.group, units: [...command.units] });
    case 'measure sealed':
      return ok({ type: 'sealed.started', units: command.units.map(({ unit }) => unit) });
    case 'edit manifest': {
      const { tick, status } = command;
      const planned = await ports.manifest.plan({ tick, status });
      return planned.ok
        ? ok({ type: 'manifest.editing', tick: [...tick], status, ...planned.value })
        : err(infra('edit', planned.error));
    }
  }
}

/** The fact that an operation failed outside the product, or that the barrier was breached in it. */
export function infra(
  operation: Operation,
  { detail, agent, breach }: Infra,
  unit?: UnitId,
): RunFact {
  if (breach !== undefined)
    return {
      type: 'run.tripped',
      ...breach,
      operation,
      unit: unit ?? null,
      ...(agent === undefined ? {} : { agent }),
    };
  return {
    type: 'infra.failed',
    operation,
    detail,
    ...(unit === undefined ? {} : { unit }),
    ...(agent === undefined ? {} : { agent }),
  };
}
