import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgent, type Caps } from '../../agent/index.ts';
import {
  briefCoder,
  disposeWorkspace,
  harvest,
  instructionsFile,
  makeWorkspace,
  prepareAnother,
  prepareNext,
  recallSymptom,
  type Installer,
  type Repository,
  type Workspace,
} from '../../barrier/index.ts';
import {
  ok,
  type CodeTask,
  type Infra,
  type Result,
  type Spec,
  type UnitId,
} from '../../domain/index.ts';
import type { Coder } from '../../orchestrator/index.ts';
import type { Teardown } from '../run/teardown.ts';
import { codeAgentOf, type CodeAgents } from '../run/unit-agents.ts';
import { beside, type Ways } from '../wall/ways.ts';
import type { World } from '../world.ts';
import { allotted } from './allotted.ts';
import { infra } from './infra.ts';

export interface Coding {
  readonly world: World;
  readonly ways: Ways;
  readonly repo: Repository;
  readonly installer: Installer;
  readonly spec: Spec;
  readonly templates: string;
  readonly agents: CodeAgents;
  readonly caps: Caps;
  readonly runDir: string;
  readonly marker: string;
  /** Waits for what is cleared away beside the run. */
  readonly teardown: Teardown;
}

/** One code run: layer → blind workspace → briefing → agent → harvest. */
export function coderFor(of: Coding): Coder {
  return {
    async code(task, signal) {
      const layer = await of.installer.layer(task.base, signal);
      if (!layer.ok) return infra(layer.error);
      const workspace = await makeWorkspace(of.repo, {
        run: of.marker,
        spec: of.spec.name,
        unit: task.unit,
        attempt: task.attempt,
        base: task.base,
        conflict: task.feedback.conflict,
        layer: layer.value,
      });
      if (!workspace.ok) return infra(workspace.error);
      const oneByOne = isSequential(of.spec, task.unit);
      if (!oneByOne) ahead(of, prepareAnother(of.repo, workspace.value.clean));
      try {
        const coded = await codeIn(workspace.value, { of, task, signal });
        if (coded.ok && oneByOne) ahead(of, prepareNext(of.repo, coded.value.commit));
        return coded;
      } finally {
        of.teardown.addWork(disposeWorkspace(workspace.value));
      }
    },
  };
}

/** In a sequential group the next agent builds on what this one made; in a parallel one, on what this one was given. */
const isSequential = ({ manifest }: Spec, unit: UnitId): boolean =>
  manifest.groups.find(({ units }) => units.includes(unit))?.mode === 'sequential';

/** Done beside what matters. Who needs what could not be made makes it himself, and tells why it cannot be. */
const ahead = ({ teardown }: Coding, work: Promise<void>): void =>
  teardown.addWork(work.catch(() => undefined));

interface CodeRun {
  readonly of: Coding;
  readonly task: CodeTask;
  readonly signal: AbortSignal;
}

async function codeIn(
  workspace: Workspace,
  { of, task, signal }: CodeRun,
): ReturnType<Coder['code']> {
  const instructions = await instructionsIn(workspace.sources);
  const briefing = await brief(workspace, instructions, { of, task, signal });
  if (!briefing.ok) return briefing;
  const name = `code-${task.attempt}`;
  const choice = codeAgentOf(of.agents, task);
  const { view, ...given } = await of.ways.agent(choice, 'coder');
  const ran = await runAgent(
    choice,
    {
      role: 'coder',
      briefing: briefing.value,
      unit: task.unit,
      iteration: task.attempt,
      cwd: workspace.dir,
      home: workspace.home,
      transcriptFile: join(of.runDir, 'transcripts', task.unit, `${name}.ndjson`),
      runDir: of.runDir,
      caps: allotted(of.caps, task.allotment),
      ...given,
      sandbox: of.repo.sandbox,
      view: beside(workspace.view, view),
      marker: of.marker,
      ...(instructions === null ? {} : { instructionsFile: join(workspace.dir, instructions) }),
    },
    signal,
  );
  if (!ran.ok) return ran;
  const harvested = await harvest(of.repo, workspace, { date: of.world.now().toISOString() });
  if (!harvested.ok)
    return { ok: false, error: { ...infra(harvested.error).error, agent: ran.value.report } };
  const { commit, files } = harvested.value;
  return ok({ commit, files: files.length, agent: ran.value.report });
}

async function brief(
  workspace: Workspace,
  projectInstructions: string | null,
  { of, task }: CodeRun,
): Promise<
  Result<Awaited<ReturnType<typeof briefCoder>> extends Result<infer B, unknown> ? B : never, Infra>
> {
  const { manifest } = of.spec;
  const briefing = await briefCoder({
    templates: of.templates,
    unit: task.unit,
    unitSpecText: await readUnitSpec(of.spec, task.unit),
    unitTitle: manifest.units.find(({ id }) => id === task.unit)?.title ?? '',
    iteration: task.iteration,
    maxIterations: manifest.maxIterations,
    symptoms: task.feedback.symptoms.flatMap((line) => recallSymptom(line) ?? []),
    guidance: task.feedback.guidance,
    conflicts: workspace.conflicts,
    projectInstructions,
  });
  return briefing.ok ? briefing : infra(briefing.error);
}

/** Which of the project's instruction files the workspace has. */
async function instructionsIn(sources: readonly string[]): Promise<string | null> {
  const there: string[] = [];
  for (const name of ['CLAUDE.md', 'AGENTS.md', '.claude/CLAUDE.md'])
    for (const source of sources)
      await access(join(source, name)).then(
        () => there.push(name),
        () => undefined,
      );
  return instructionsFile(there);
}

/** Text of a unit's spec file, which validation has found to be there. */
export function readUnitSpec(spec: Spec, unit: UnitId): Promise<string> {
  const file = spec.unitFiles.get(unit);
  if (file === undefined) throw new Error(`Internal error: ${unit} has no unit spec`);
  return readFile(file, 'utf8');
}
