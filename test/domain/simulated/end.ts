import { plannedUnit, type Command, type RunFact } from '../../../src/domain/index.ts';
import { gated, measured, opined } from './findings.ts';
import { misfortune } from './misfortune.ts';
import { codeRunOf, ran, type Of, type World } from './world.ts';

/** What becomes of an operation in flight. */
export const endOf = (command: Command, world: World): RunFact =>
  misfortune(command, world) ?? outcomeOf(command, world);

function outcomeOf(command: Command, world: World): RunFact {
  switch (command.do) {
    case 'code': {
      const [commit, agent] = [world.commit(), ran(command, world)];
      return { type: 'code.finished', ...codeRunOf(command), commit, files: 1, agent };
    }
    case 'audit':
      return audited(command, world);
    case 'land':
      return landed(command, world);
    case 'compile checks':
      return compiled(command, world);
    case 'await limit':
      return { type: 'limit.lifted', provider: command.provider };
    case 'ready service':
      return served(command, world);
    case 'evaluate':
      return measured(command, world);
    case 'second opinion':
      return opined(command, world);
    case 'gate':
      return gated(command, world);
    case 'measure sealed': {
      const scenarios = [{ name: 'last', outcome: 'passed' as const, attempts: [] }];
      const units = command.units.map(({ unit }) => ({ unit, scenarios }));
      return { type: 'sealed.finished', commit: command.commit, units };
    }
    case 'edit manifest': {
      const { tick, status } = command;
      return { type: 'manifest.edited', tick: [...tick], status, commit: world.commit() };
    }
    default:
      throw new Error(`${command.do} is never in flight`);
  }
}

function audited({ base }: Of<'audit'>, { die }: World): RunFact {
  const copied = die.roll(60) === 59;
  return {
    type: 'audit.finished',
    base,
    clean: 'k',
    tree: 't',
    hidden: ['.start/specs'],
    objects: 3,
    holdouts: 1,
    shared: copied ? [{ blob: 'b', holdout: 'scenarios/u/s0.md' }] : [],
    hunt: null,
  };
}

function landed({ unit }: Of<'land'>, world: World): RunFact {
  switch (world.die.roll(8)) {
    case 6:
      return { type: 'land.conflicted', unit, paths: ['a.js'] };
    case 7:
      return { type: 'land.refused', unit, symptoms: ['it wrote under .start/'] };
    default: {
      const commit = world.commit();
      const serverSide = world.die.roll(2) === 1;
      return { type: 'land.finished', unit, commit, files: 1, serverSide };
    }
  }
}

function compiled(command: Of<'compile checks'>, world: World): RunFact {
  const checks = plannedUnit(world.state, command.unit).scenarios.map(({ name }) => ({
    scenario: name,
    file: 'f',
    sha256: `h${world.die.roll(3)}`,
    origin: 'author' as const,
    needsService: world.die.roll(3) !== 2,
  }));
  const agent = ran(command, world);
  return { type: 'checks.finished', unit: command.unit, checks, broken: [], agent };
}

function served({ group, commit }: Of<'ready service'>, { die }: World): RunFact {
  switch (die.roll(8)) {
    case 6:
      return { type: 'service.failed', group, symptom: 's', detail: 'd', log: null };
    case 7: {
      const detail = 'no start command';
      const question = { subject: 'service', kind: 'service_unknown', detail } as const;
      return { type: 'service.unclear', group, log: null, question };
    }
    default:
      return { type: 'service.ready', group, commit, url: 'http://x', source: 'declared' };
  }
}
