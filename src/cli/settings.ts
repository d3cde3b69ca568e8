import { z } from 'zod';
import {
  BarrierMode,
  ServiceDeclaration,
  type Budget,
  type Escalation,
  type ServiceSetting,
} from '../domain/index.ts';

const name = z.string().min(1);
const positive = z.number().positive();

/** What `.start/factory.yaml` may say. Every key is also a flag of `run`, which wins. */
export const FactoryFile = z.strictObject({
  /** Code agent. */
  agent: name.optional(),
  /** Evaluation agent: check author, or live evaluator in `report` mode. */
  evaluator: name.optional(),
  /** Stronger model for units that have failed `escalate_after` iterations. */
  escalate_model: name.optional(),
  escalate_after: z.int().min(1).optional(),
  evaluation: z.enum(['checks', 'report']).optional(),
  /** How agents, checks and the product are kept apart. */
  barrier: BarrierMode.optional(),
  /** Files and folders that agents may read beside their work, absolute or from the project. */
  agent_paths: z.array(name).optional(),
  /** Hosts that installs and agents may reach beside registries and models. */
  allow_hosts: z.array(name).optional(),
  slots: z.int().min(1).optional(),
  git: z.enum(['branch', 'none']).optional(),
  on_escalate: z.enum(['skip', 'abort']).optional(),
  /** Shell command that is called with the event as JSON on stdin at a question, a group's end and the run's. */
  notify: name.optional(),
  service: z.union([z.literal('none'), ServiceDeclaration]).optional(),
  /** Shell command that installs dependencies. */
  install: name.optional(),
  /** Shell command that runs the project's own tests. */
  verify: name.optional(),
  /** Whether a failed P0 scenario sends its unit back, whatever the threshold says. */
  require_p0: z.boolean().optional(),
  /** Files an agent may change although they instruct agents. */
  allow_instructions: z.boolean().optional(),
  /** Seconds one check may take. */
  attempt_timeout: positive.optional(),
  /** Minutes one agent may work, and may be silent. */
  agent_timeout: positive.optional(),
  agent_idle: positive.optional(),
  max_turns: z.int().min(1).optional(),
  /** USD one agent may cost. */
  max_agent_cost: positive.optional(),
  /** How often an operation is tried again after infrastructure failed. */
  retries: z.int().nonnegative().optional(),
  /** Budgets of a run and of each unit: USD, tokens in and out, minutes. */
  max_cost: positive.optional(),
  max_tokens: z.int().min(1).optional(),
  max_time: positive.optional(),
  max_unit_cost: positive.optional(),
  max_unit_tokens: z.int().min(1).optional(),
  max_unit_time: positive.optional(),
});
export type FactoryFile = z.infer<typeof FactoryFile>;

/** Flags of `run`, as commander hands them over. */
export const RunFlags = z.object({
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
  agent: z.string().optional(),
  evaluator: z.string().optional(),
  escalateModel: z.string().optional(),
  escalateAfter: z.int().optional(),
  evaluation: z.enum(['checks', 'report']).optional(),
  barrier: BarrierMode.optional(),
  agentPath: z.array(z.string()).optional(),
  allowHost: z.array(z.string()).optional(),
  slots: z.int().optional(),
  git: z.enum(['branch', 'none']).optional(),
  onEscalate: z.enum(['skip', 'abort']).optional(),
  notify: z.string().optional(),
  acceptChanges: z.boolean().default(false),
  fresh: z.boolean().default(false),
  start: z.string().optional(),
  port: z.int().max(65_535).optional(),
  health: z.string().startsWith('/').optional(),
  install: z.string().optional(),
  verify: z.string().optional(),
  requireP0: z.boolean().optional(),
  attemptTimeout: z.number().optional(),
  agentTimeout: z.number().optional(),
  agentIdle: z.number().optional(),
  maxTurns: z.int().optional(),
  maxAgentCost: z.number().optional(),
  retries: z.int().optional(),
  maxCost: z.number().optional(),
  maxTokens: z.int().optional(),
  maxTime: z.number().optional(),
  maxUnitCost: z.number().optional(),
  maxUnitTokens: z.int().optional(),
  maxUnitTime: z.number().optional(),
});
export type RunFlags = z.infer<typeof RunFlags>;

/** What a run works by, every default filled in. Durations in ms. */
export interface Settings {
  readonly agent: string;
  readonly evaluator: string;
  readonly escalate: Escalation | null;
  readonly evaluation: 'checks' | 'report';
  readonly barrier: BarrierMode;
  /** As given: from the working directory those of flags, from the project those of the file. */
  readonly agentPaths: { readonly flags: readonly string[]; readonly file: readonly string[] };
  readonly allowHosts: readonly string[];
  readonly slots: number;
  /** `null`: a branch where there is a git repository, a private one where there is none. */
  readonly git: 'branch' | 'none' | null;
  readonly onEscalate: 'skip' | 'abort' | null;
  readonly notify: string | null;
  readonly service: ServiceSetting;
  /** Who declared the start command, if anybody did. */
  readonly serviceFrom: 'flag' | 'file' | 'manifest';
  readonly install: string | null;
  readonly verify: string | null;
  readonly requireP0: boolean;
  readonly allowInstructions: boolean;
  readonly attemptMs: number;
  readonly caps: { wallMs: number; idleMs: number; turns: number | null; costUsd: number | null };
  readonly infra: { retries: number; backoffMs: number };
  readonly budget: Pick<Budget, 'run' | 'unit'>;
}

const MINUTE = 60_000;

/** Flags as given, and what the environment says where they say nothing. */
export function withEnvironment(
  flags: RunFlags,
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): RunFlags {
  const said = env['IMPLEMENT_FACTORY_REQUIRE_P0'] ?? '';
  if (flags.requireP0 !== undefined || said === '') return flags;
  return { ...flags, requireP0: !['0', 'false', 'no', 'off'].includes(said.toLowerCase()) };
}

/** Flags beat the file, the file beats the manifest, and that beats the defaults. */
export function settle(flags: RunFlags, file: FactoryFile, manifest: ServiceSetting): Settings {
  const agent = flags.agent ?? file.agent ?? 'claude';
  return {
    agent,
    evaluator: flags.evaluator ?? file.evaluator ?? agent,
    escalate: ladderOf(flags, file),
    evaluation: flags.evaluation ?? file.evaluation ?? 'checks',
    barrier: flags.barrier ?? file.barrier ?? 'auto',
    agentPaths: { flags: flags.agentPath ?? [], file: file.agent_paths ?? [] },
    allowHosts: [...(flags.allowHost ?? []), ...(file.allow_hosts ?? [])],
    slots: flags.slots ?? file.slots ?? 4,
    git: flags.git ?? file.git ?? null,
    onEscalate: flags.onEscalate ?? file.on_escalate ?? null,
    notify: flags.notify ?? file.notify ?? null,
    service: serviceOf(flags, file, manifest),
    serviceFrom:
      flags.start === undefined ? (file.service === undefined ? 'manifest' : 'file') : 'flag',
    install: flags.install ?? file.install ?? null,
    verify: flags.verify ?? file.verify ?? null,
    requireP0: flags.requireP0 ?? file.require_p0 ?? true,
    allowInstructions: file.allow_instructions ?? false,
    attemptMs: (flags.attemptTimeout ?? file.attempt_timeout ?? 30) * 1000,
    caps: {
      wallMs: (flags.agentTimeout ?? file.agent_timeout ?? 90) * MINUTE,
      idleMs: (flags.agentIdle ?? file.agent_idle ?? 15) * MINUTE,
      turns: flags.maxTurns ?? file.max_turns ?? 200,
      costUsd: flags.maxAgentCost ?? file.max_agent_cost ?? 10,
    },
    infra: { retries: flags.retries ?? file.retries ?? 3, backoffMs: 1000 },
    budget: {
      run: limits(
        flags.maxCost ?? file.max_cost,
        flags.maxTokens ?? file.max_tokens,
        flags.maxTime ?? file.max_time,
      ),
      unit: limits(
        flags.maxUnitCost ?? file.max_unit_cost,
        flags.maxUnitTokens ?? file.max_unit_tokens,
        flags.maxUnitTime ?? file.max_unit_time,
      ),
    },
  };
}

/** USD, tokens and minutes. */
const limits = (
  usd: number | undefined,
  tokens: number | undefined,
  time: number | undefined,
): Budget['run'] => ({
  ...(usd !== undefined && { usd }),
  ...(tokens !== undefined && { tokens }),
  ...(time !== undefined && { ms: time * MINUTE }),
});

function ladderOf(flags: RunFlags, file: FactoryFile): Escalation | null {
  const model = flags.escalateModel ?? file.escalate_model;
  const after = flags.escalateAfter ?? file.escalate_after ?? 2;
  return model === undefined ? null : { model, after };
}

function serviceOf(flags: RunFlags, file: FactoryFile, manifest: ServiceSetting): ServiceSetting {
  const declared: ServiceSetting =
    file.service === undefined
      ? manifest
      : file.service === 'none'
        ? { kind: 'none' }
        : { kind: 'declared', service: file.service };
  const base = declared.kind === 'declared' ? declared.service : null;
  const start = flags.start ?? base?.start;
  if (start === undefined || (flags.start === undefined && declared.kind !== 'declared'))
    return declared;
  return {
    kind: 'declared',
    service: {
      ...base,
      start,
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(flags.health === undefined ? {} : { health: flags.health }),
    },
  };
}
