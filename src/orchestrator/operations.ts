import type { Operation, RunFact, StartDecision } from '../domain/index.ts';
import { infra, type Operating } from './begin.ts';
import type { Ports } from './ports.ts';

/** What an operation works with. */
export interface Task {
  readonly ports: Ports;
  /** The fact it was started with. */
  readonly started: RunFact;
  /** A person's answer to how the service is started. */
  readonly serviceStart: StartDecision | null;
  readonly signal: AbortSignal;
}

/** Facts about things done that stay done, whoever cancelled what. */
const LASTING: ReadonlySet<RunFact['type']> = new Set([
  'run.tripped',
  'audit.finished',
  'code.finished',
  'land.finished',
  'land.conflicted',
  'land.refused',
  'checks.finished',
  'manifest.edited',
]);

const OPERATION: Readonly<Record<Operating['do'], Operation>> = {
  code: 'code',
  audit: 'audit',
  land: 'land',
  'compile checks': 'checks',
  'ready service': 'service',
  evaluate: 'evaluation',
  'second opinion': 'opinion',
  'await limit': 'limit',
  gate: 'gate',
  'measure sealed': 'sealed',
  'edit manifest': 'edit',
};

/**
 * Does the work of a command and tells what came of it as the one fact that ends it. A measurement that was cancelled is none:
 * checks killed half-way would look like failures of the product.
 */
export async function operate(command: Operating, task: Task): Promise<RunFact> {
  const fact = await outcomeOf(command, task);
  return task.signal.aborted && !LASTING.has(fact.type)
    ? infra(
        OPERATION[command.do],
        { detail: 'cancelled' },
        'unit' in command ? command.unit : undefined,
      )
    : fact;
}

async function outcomeOf(command: Operating, task: Task): Promise<RunFact> {
  const { ports, signal } = task;
  switch (command.do) {
    case 'code': {
      const { unit, iteration, attempt } = command;
      const coded = await ports.coder.code(command, signal);
      if (!coded.ok) return infra('code', coded.error, unit);
      const { overlaps = [], ...work } = coded.value;
      return {
        type: 'code.finished',
        unit,
        iteration,
        attempt,
        ...work,
        ...(overlaps.length > 0 && { overlaps: [...overlaps] }),
      };
    }
    case 'audit': {
      const audited = await ports.auditor.audit(command.base, signal);
      return audited.ok
        ? { type: 'audit.finished', ...audited.value }
        : infra('audit', audited.error);
    }
    case 'land':
      return landed(command, ports);
    case 'compile checks': {
      const { unit } = command;
      const compiled = await ports.compiler.compile(command, signal);
      if (!compiled.ok) return infra('checks', compiled.error, unit);
      const { checks, broken, agent } = compiled.value;
      return { type: 'checks.finished', unit, checks: [...checks], broken: [...broken], agent };
    }
    case 'ready service':
      return served(command, task);
    case 'evaluate': {
      const { unit, iteration, commit } = command;
      const measured = await ports.evaluator.evaluate(command, signal);
      if (!measured.ok) return infra('evaluation', measured.error, unit);
      const { scenarios, symptoms, agent } = measured.value;
      return {
        type: 'evaluation.finished',
        unit,
        iteration,
        commit,
        scenarios: [...scenarios],
        symptoms: [...symptoms],
        agent,
      };
    }
    case 'await limit':
      return { type: 'limit.lifted', provider: command.provider };
    case 'second opinion': {
      const { unit, iteration, commit } = command;
      const asked = await ports.opinions.ask(command, signal);
      if (!asked.ok) return infra('opinion', asked.error, unit);
      const { opinions, agent } = asked.value;
      return {
        type: 'opinion.finished',
        unit,
        iteration,
        commit,
        opinions: [...opinions],
        agent,
      };
    }
    case 'gate': {
      const gated = await ports.gate.run(command, signal);
      return gated.ok
        ? { type: 'gate.finished', group: command.group, ...gated.value }
        : infra('gate', gated.error);
    }
    case 'measure sealed': {
      const { commit } = command;
      const measured = await ports.sealed.measure(command, signal);
      if (!measured.ok) return infra('sealed', measured.error);
      const units = measured.value.map(({ unit, scenarios }) => ({
        unit,
        scenarios: [...scenarios],
      }));
      return { type: 'sealed.finished', commit, units };
    }
    case 'edit manifest':
      return edited(command, task);
  }
}

async function landed(command: Extract<Operating, { do: 'land' }>, ports: Ports): Promise<RunFact> {
  const { unit } = command;
  const landing = await ports.lander.land(command);
  if (!landing.ok) return infra('land', landing.error, unit);
  switch (landing.value.kind) {
    case 'landed': {
      const { commit, files, serverSide, head } = landing.value;
      const tip = head === undefined ? {} : { head };
      return { type: 'land.finished', unit, commit, files, serverSide, ...tip };
    }
    case 'conflict':
      return { type: 'land.conflicted', unit, paths: [...landing.value.paths] };
    case 'refused':
      return { type: 'land.refused', unit, symptoms: [...landing.value.symptoms] };
  }
}

async function served(
  command: Extract<Operating, { do: 'ready service' }>,
  { ports, serviceStart, signal }: Task,
): Promise<RunFact> {
  const { group, action, commit } = command;
  const answer = await ports.service.ready({ action, commit, start: serviceStart }, signal);
  if (!answer.ok) return infra('service', answer.error);
  switch (answer.value.kind) {
    case 'ready': {
      const { url, source } = answer.value;
      return { type: 'service.ready', group, commit: answer.value.commit, url, source };
    }
    case 'failed': {
      const { symptom, detail, log } = answer.value;
      return { type: 'service.failed', group, symptom, detail, log };
    }
    case 'unclear':
      return {
        type: 'service.unclear',
        group,
        question: answer.value.question,
        log: answer.value.log,
      };
  }
}

async function edited(
  { tick, status }: Extract<Operating, { do: 'edit manifest' }>,
  { ports, started }: Task,
): Promise<RunFact> {
  if (started.type !== 'manifest.editing')
    throw new Error(`Internal error: ${started.type} starts no edit`);
  const applied = await ports.manifest.apply({ tick, status }, started);
  return applied.ok
    ? { type: 'manifest.edited', tick: [...tick], status, commit: applied.value.commit }
    : infra('edit', applied.error);
}
