import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { agentName, parseAgent, probe, type AgentChoice } from '../../agent/index.ts';
import {
  ok,
  type Problem,
  type Result,
  type Spec,
  type Stubs,
  type UnitId,
} from '../../domain/index.ts';
import { loadSpec, type SpecLocation, type Constitution } from '../../manifest/index.ts';
import type { Chromium } from '../../evaluation/index.ts';
import { browserOf } from '../wall/browser.ts';
import { readConstitution } from '../project/constitution.ts';
import { locateSpec, projectOf } from '../project/project.ts';
import { faulty, refused, type Refusal } from '../refusal.ts';
import { gather } from '../settings/gather.ts';
import { saidOfService, type Layers } from '../settings/layers.ts';
import { settle, type Settings } from '../settings/settle.ts';
import { SETTINGS, variableOf, type SettingName } from '../settings/table.ts';
import { wordsOf } from '../settings/words.ts';
import { codeAgentOf, unitAgentsOf, uselessLadder, type CodeAgents } from './unit-agents.ts';
import type { World } from '../world.ts';

/** Everything a run needs to know before it touches anything. */
export interface Prepared extends CodeAgents {
  readonly project: string;
  readonly location: SpecLocation;
  readonly spec: Spec;
  readonly stubs: ReadonlyMap<UnitId, Stubs>;
  readonly settings: Settings;
  /** The project's CONSTITUTION.md; null where it has none. */
  readonly constitution: Constitution | null;
  readonly evaluator: AgentChoice;
  /** For checks of pages; an error says why there is none. */
  readonly browser: Result<Chromium, Problem>;
  /** The flags it was called with, as words of a command line. */
  readonly flags: readonly string[];
  /** Whether the project is in a git repository that shall be used. */
  readonly git: 'branch' | 'none';
}

/** Reads and checks; changes and starts nothing. */
export async function prepare(
  world: World,
  argument: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<Result<Prepared, Refusal>> {
  const project = projectOf(world, argument);
  const location = await locateSpec(world, argument);
  if (!location.ok) return refused(location.error);
  const gathered = await gather(world, project, flags);
  if (!gathered.ok) return gathered;
  const loaded = await loadSpec(location.value);
  if (loaded.spec === null) return faulty(world, loaded.diagnostics);
  const { spec, stubs } = loaded;
  const constitution = await readConstitution(project);
  if (!constitution.ok) return faulty(world, constitution.error);
  const layers: Layers = {
    ...gathered.value.layers,
    manifest: saidOfService(spec.manifest.service),
  };
  const settings = settle(layers);
  const unfit =
    (await behindLink(project, spec)) ??
    nothingToStart(layers, settings) ??
    reportWithoutService(spec, settings) ??
    reportOfSealed(spec, settings);
  if (unfit !== null) return refused(unfit);
  const browser = browserOf(world, settings.browser);
  if (!browser.ok && settings.browser !== null && settings.browser !== 'none')
    return refused(browser.error);
  const agents = agentsFor(world, settings);
  if (!agents.ok) return agents;
  const unitAgents = unitAgentsOf(world, { project, spec, coder: agents.value.coder });
  if (!unitAgents.ok) return refused(unitAgents.error);
  const useless = uselessLadder({ ...agents.value, unitAgents: unitAgents.value }, settings);
  if (useless !== null) return refused(useless);
  return ok({
    project,
    location: location.value,
    spec,
    stubs,
    settings,
    constitution: constitution.value,
    browser,
    flags: wordsOf(layers.flag),
    git: settings.git ?? (isInGit(project) ? 'branch' : 'none'),
    ...agents.value,
    unitAgents: unitAgents.value,
  });
}

/** git keeps of a link only where it points, so that a tick could not be committed beside the code. */
async function behindLink(project: string, { manifestFile }: Spec): Promise<Problem | null> {
  const [root, file] = await Promise.all([realpath(project), realpath(manifestFile)]);
  if (join(root, relative(project, manifestFile)) === file) return null;
  return {
    where: manifestFile,
    what: `The way to this manifest leads through a symbolic link (to ${file}), which git does not follow: its boxes could not be ticked on the run branch.`,
    remedy: 'Put the spec directory itself in the place of the link.',
  };
}

/** A port or a health path alone would be ignored without a word. */
function nothingToStart({ flag, environment }: Layers, { service }: Settings): Problem | null {
  if (service.kind === 'declared') return null;
  const parts = ['port', 'health', 'serviceTimeout', 'serviceEnv', 'restartOn', 'needs'] as const;
  const byFlag = parts.find((name) => flag[name] !== undefined);
  const name: SettingName | undefined =
    byFlag ?? parts.find((each) => environment[each] !== undefined);
  if (name === undefined) return null;
  return {
    where: byFlag === undefined ? variableOf(name) : `--${SETTINGS[name].flag}`,
    what: 'It belongs to a start command, and none is declared.',
    remedy: 'Add --start <command>, or leave it out.',
  };
}

/** A live evaluator of a library or command would have to be given its source. */
function reportWithoutService(
  { manifestFile }: Spec,
  { evaluation, service }: Settings,
): Problem | null {
  if (evaluation === 'checks' || service.kind !== 'none') return null;
  return {
    where: manifestFile,
    what: 'Evaluation by report needs a service: an evaluation agent must not see source.',
    remedy: 'Use --evaluation checks, which runs commands and exports for it.',
  };
}

/** What is sealed is measured by the runtime alone. */
function reportOfSealed({ scenarios }: Spec, { evaluation }: Settings): Problem | null {
  const sealed = [...scenarios.values()].flat().find((scenario) => scenario.sealed);
  if (evaluation === 'checks' || sealed === undefined) return null;
  return {
    where: sealed.file,
    what: 'This scenario is sealed, which evaluation by report cannot keep apart.',
    remedy: 'Use --evaluation checks, or take `sealed` out of its frontmatter.',
  };
}

function agentsFor(
  world: World,
  settings: Settings,
): Result<Pick<Prepared, 'coder' | 'evaluator'>, Refusal> {
  const context = { base: world.cwd, node: world.node };
  const coder = parseAgent(settings.agent, context);
  if (!coder.ok) return refused(coder.error);
  const evaluator = parseAgent(settings.evaluator, context);
  if (!evaluator.ok) return refused(evaluator.error);
  return ok({ coder: coder.value, evaluator: evaluator.value });
}

/** Whether the agents can be started here; asked only when there is work for them. */
export async function findAgents(world: World, prepared: Prepared): Promise<Result<null, Refusal>> {
  const { spec, evaluator } = prepared;
  const open = spec.manifest.units.filter(({ done }) => !done);
  const coders = open.map(({ id: unit }) => codeAgentOf(prepared, { unit }));
  for (const choice of [...coders, evaluator].filter(isDistinct)) {
    const found = await probe(choice, world.env);
    if (!found.ok) return refused(found.error);
  }
  return ok(null);
}

const isDistinct = (choice: AgentChoice, at: number, all: readonly AgentChoice[]): boolean =>
  all.findIndex((other) => agentName(other) === agentName(choice) && other.kind === choice.kind) ===
  at;

function isInGit(project: string): boolean {
  for (let dir = project; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return true;
    if (dirname(dir) === dir) return false;
  }
}
