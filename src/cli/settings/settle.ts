import type { BarrierMode, Budget, Escalation, ServiceSetting } from '../../domain/index.ts';
import { resolve, serviceOf, type Layers, type Source } from './layers.ts';
import { SETTING_NAMES, type Held } from './table.ts';

/** What a run works by, every default filled in. Durations in ms. */
export interface Settings {
  readonly agent: string;
  readonly evaluator: string;
  readonly escalate: Escalation | null;
  readonly evaluation: 'checks' | 'report';
  readonly barrier: BarrierMode;
  /** As given: those of a call from the working directory, those of the file from the project. */
  readonly agentPaths: { readonly call: readonly string[]; readonly file: readonly string[] };
  readonly allowHosts: readonly string[];
  readonly slots: number;
  readonly parallelEval: boolean;
  /** `null`: a branch where there is a git repository, a private one where there is none. */
  readonly git: 'branch' | 'none' | null;
  readonly onEscalate: 'skip' | 'abort' | null;
  readonly notify: string | null;
  readonly service: ServiceSetting;
  /** Who declared the start command, if anybody did. */
  readonly serviceFrom: Source;
  readonly install: string | null;
  readonly verify: string | null;
  readonly requireP0: boolean;
  readonly allowInstructions: boolean;
  /** Path of Chromium, from the working directory; `none`; null: whatever this system has. */
  readonly browser: string | null;
  readonly attemptMs: number;
  readonly caps: { wallMs: number; idleMs: number; turns: number | null; costUsd: number | null };
  readonly infra: { retries: number; backoffMs: number };
  readonly patience: number;
  readonly budget: Pick<Budget, 'run' | 'unit'>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Flags beat the environment, that beats the file, the file beats the manifest, and that beats the defaults. */
export function settle(layers: Layers): Settings {
  const held = heldBy(layers);
  const { setting: service, from: serviceFrom } = serviceOf(layers);
  const { flag, environment, file } = layers;
  return {
    agent: held.agent,
    evaluator: held.evaluator ?? held.agent,
    escalate:
      held.escalateModel === null ? null : { model: held.escalateModel, after: held.escalateAfter },
    evaluation: held.evaluation,
    barrier: held.barrier,
    agentPaths: {
      call: [...(flag.agentPath ?? []), ...(environment.agentPath ?? [])],
      file: file.agentPath ?? [],
    },
    allowHosts: held.allowHost ?? [],
    slots: held.slots,
    parallelEval: held.parallelEval,
    git: held.git,
    onEscalate: held.onEscalate,
    notify: held.notify,
    service,
    serviceFrom,
    install: held.install,
    verify: held.verify,
    requireP0: held.requireP0,
    allowInstructions: held.allowInstructions,
    browser: held.browser,
    attemptMs: held.attemptTimeout * SECOND,
    caps: {
      wallMs: held.agentTimeout * MINUTE,
      idleMs: held.agentIdle * MINUTE,
      turns: held.maxTurns,
      costUsd: held.maxAgentCost,
    },
    infra: { retries: held.retries, backoffMs: SECOND },
    patience: held.patience,
    budget: {
      run: limits(held.maxCost, held.maxTokens, held.maxTime),
      unit: limits(held.maxUnitCost, held.maxUnitTokens, held.maxUnitTime),
    },
  };
}

/** The table says which value each name has; every source was checked against it. */
const heldBy = (layers: Layers): Held =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, resolve(layers, name).value])) as Held;

/** USD, tokens and minutes. */
const limits = (usd: number | null, tokens: number | null, time: number | null): Budget['run'] => ({
  ...(usd !== null && { usd }),
  ...(tokens !== null && { tokens }),
  ...(time !== null && { ms: time * MINUTE }),
});
