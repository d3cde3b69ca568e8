import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../src/domain/index.ts';
import { lineOf } from '../rig/follow.ts';
import { listenersOn } from '../rig/listeners.ts';
import { Project } from '../rig/project.ts';
import { desk, deskless } from '../rig/minimal.ts';

const SPEC = '.start/specs/001-signs';
const RUNS = join('.factory', 'runs', '001-signs');
const BRANCH = 'factory/001-signs';
const KILLER = new URL('../fixtures/cli/kill-at.mjs', import.meta.url);

/** Two units at once, the second wrong at first, with a service: every kind of operation happens. */
export const twoUnits = (): Promise<Project> =>
  Project.minimal({
    checks: 'authored',
    units: 2,
    mode: 'parallel',
    wrong: { 2: 1 },
    service: 'service:\n  start: node lib/serve.mjs',
  });

/** What its agents do depends on nothing but the briefing, as if a kill had not been. */
export const run = (project: Project): string[] => ['run', '--json', ...desk(project)];

/** The same behind a wall. */
export const runInside = (project: Project): string[] => [
  'run',
  '--json',
  '--barrier',
  'strict',
  ...deskless(project),
];

/** Where the process ends: with that line of the journal written, or torn in its middle with all it tells of done. */
export interface Moment {
  /** A line by its number, or the first of a kind that is written from now on. */
  readonly at: number | RunEvent['type'];
  readonly cut: 'whole' | 'torn';
}

/** Runs until the journal gets to a line, and is killed there. */
export async function killedAt(
  project: Project,
  { at, cut }: Moment,
  command: readonly string[],
): Promise<void> {
  const killer = `${KILLER.href}?at=${at}&cut=${cut}`;
  const { signal } = await project.start(command, { node: ['--import', killer] });
  if (signal !== 'SIGKILL') throw new Error(`it ended before ${at} (${signal ?? 'by itself'})`);
}

/** Kills a run so many ms after its journal got to a line, wherever it is then; false when it was faster. */
export async function killedAfter(project: Project, { at, ms }: Pause): Promise<boolean> {
  const running = project.start(run(project));
  await Promise.race([running, lineOf(running, at)]);
  await new Promise((resolve) => setTimeout(resolve, ms));
  running.kill('SIGKILL');
  return (await running).signal === 'SIGKILL';
}

export interface Pause {
  readonly at: number;
  readonly ms: number;
}

/** Every event of the spec's only run, as a fresh reader finds it; one that was killed in its first line never was. */
export async function journal(project: Project): Promise<RunEvent[]> {
  const ids = await readdir(join(project.dir, RUNS));
  const texts = await Promise.all(ids.map((id) => project.read(join(RUNS, id, 'journal.ndjson'))));
  const [only, ...others] = texts.filter((text) => text.includes('\n'));
  if (only === undefined || others.length > 0) throw new Error('there should be one run');
  return Project.events(only);
}

/** What must be the same however often a run was killed. */
export interface Outcome {
  readonly manifest: string;
  /** Files of the run branch with their blobs. */
  readonly tree: string;
  /** The manifest on the run branch. */
  readonly truth: string;
  /** Subjects of the landings and ticks, each once. */
  readonly commits: readonly string[];
  /** Per unit and iteration, which scenarios passed and failed. */
  readonly verdicts: Readonly<Record<string, unknown>>;
  /** Whether its folder holds the receipt of that end. */
  readonly receipt: boolean;
  /** What the run leaves outside its own folder. */
  readonly leftovers: readonly string[];
}

export async function outcomeOf(project: Project): Promise<Outcome> {
  const subjects = await project.git('log', '--format=%s', `main..${BRANCH}`);
  return {
    manifest: await project.read(join(SPEC, 'manifest.md')),
    tree: await project.git('ls-tree', '-r', BRANCH),
    truth: await project.git('show', `${BRANCH}:${SPEC}/manifest.md`),
    commits: subjects.split('\n').toSorted(),
    verdicts: verdictsIn(await journal(project)),
    receipt: await hasReceipt(project),
    leftovers: await leftoversOf(project),
  };
}

async function hasReceipt(project: Project): Promise<boolean> {
  const ids = await readdir(join(project.dir, RUNS));
  const texts = await Promise.all(
    ids.map((id) => project.read(join(RUNS, id, 'receipt.json')).catch(() => '{}')),
  );
  return texts.some((text) => (JSON.parse(text) as { outcome?: string }).outcome === 'completed');
}

function verdictsIn(events: readonly RunEvent[]): Record<string, unknown> {
  const measured = events.filter((event) => event.type === 'evaluation.finished');
  return Object.fromEntries(
    measured.map(({ unit, iteration, scenarios }) => [
      `${unit} ${iteration}`,
      scenarios.map(({ name, outcome }) => `${name}: ${outcome}`),
    ]),
  );
}

/** Processes, mounts, temporary files, and workspaces nobody works in. */
async function leftoversOf(project: Project): Promise<string[]> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  const cache = await readdir(join(project.root, 'cache'), { recursive: true });
  return [
    ...(await project.processes()),
    ...mounts.split('\n').filter((line) => line.includes(project.root)),
    ...(await readdir(join(project.root, 'tmp'))),
    ...cache.filter((path) => /\/(workspaces|attempts|bare|trees)\/[^/]+\/./.test(path)),
  ];
}

/** What of a history must not be: gaps, work done twice that had landed, iterations that a kill cost, ports still open. */
export async function faultsOf(events: readonly RunEvent[]): Promise<string[]> {
  const faults: string[] = [];
  const landed = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) faults.push(`line ${index + 1} says ${event.seq}`);
    if (event.type === 'code.started' && landed.has(`${event.unit} ${event.iteration}`))
      faults.push(`${event.unit} was coded again after iteration ${event.iteration} had landed`);
    if (event.type === 'land.finished') {
      const { iteration } = lastCode(events.slice(0, index), event.unit);
      const key = `${event.unit} ${iteration}`;
      if (landed.has(key)) faults.push(`${key} landed twice`);
      landed.add(key);
    }
    if (event.type === 'service.ready' && (await isOpen(Number(new URL(event.url).port))))
      faults.push(`${event.url} still answers`);
  }
  return faults;
}

function lastCode(events: readonly RunEvent[], unit: string) {
  const found = events.findLast((event) => event.type === 'code.started' && event.unit === unit);
  if (found?.type !== 'code.started') throw new Error(`${unit} landed and was never coded`);
  return found;
}

/** Whether a process that this project has to answer for listens there: on a crowded machine another one may have been given the port since. */
const isOpen = async (port: number): Promise<boolean> =>
  (await listenersOn(port)).some((text) => !OTHERS.test(text));

/** What processes of other tests have about them; those of this project are counted as leftovers. */
const OTHERS = /factory-test-/;
