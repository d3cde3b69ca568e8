import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventOf, RunEvent, RunFact } from '../../src/domain/index.ts';
import { startModelServer } from '../rig/model-server.ts';
import type { ModelRequest, Script } from '../rig/model-server.ts';
import { CLAUDES, environmentOf } from './claudes.ts';
import type { Claude } from './claudes.ts';
import { Example, tellingLines } from './example.ts';
import type { ExampleUnit } from './example.ts';

const FACTORY = fileURLToPath(new URL('../../bin/implement-factory.js', import.meta.url));

const isAuthor = (request: ModelRequest) => request.tools.includes('StructuredOutput');
/** A request holds text as JSON. */
const holds = (request: ModelRequest, text: string) =>
  request.sent.includes(JSON.stringify(text).slice(1, -1));
const titleOf = (text: string) => /^# (.+)$/m.exec(text)?.[1] ?? '';

/** Which unit a request is about, told by nothing but what the model was sent. */
function unitOf(request: ModelRequest, { units }: Example): ExampleUnit {
  const about = units.filter((unit) =>
    isAuthor(request)
      ? [...unit.scenarios.values()].some((text) => holds(request, titleOf(text)))
      : holds(request, titleOf(unit.spec)),
  );
  const [only] = about;
  if (about.length !== 1 || only === undefined) {
    throw new Error(`one unit expected in the request, found: ${about.map(({ id }) => id).join()}`);
  }
  return only;
}

/** A model that writes what is prepared for an example, with the tools that a real agent offers it. */
function replay(example: Example): Script {
  const runs = new Map<string, number>();
  return (request) => {
    const unit = unitOf(request, example);
    if (isAuthor(request)) {
      return { use: [{ name: 'StructuredOutput', input: { checks: unit.checks } }] };
    }
    if (request.turn === 0) runs.set(unit.id, (runs.get(unit.id) ?? 0) + 1);
    const files = [...unit.code(runs.get(unit.id) ?? 1)];
    switch (request.turn) {
      case 0:
        // A file that exists must be read before it may be written.
        return { use: files.map(([file]) => ({ name: 'Read', input: { file_path: file } })) };
      case 1:
        return {
          use: files.map(([file, content]) => ({
            name: 'Write',
            input: { file_path: file, content },
          })),
        };
      default:
        return { say: 'Status: done' };
    }
  };
}

/** Runs the factory on a copy of the example, its agents a real `claude` with this model. */
async function runFactory(
  claude: Claude,
  { example, script, flags = [] }: { example: Example; script: Script; flags?: string[] },
) {
  const dir = await mkdtemp(join(tmpdir(), 'factory é-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const project = join(dir, 'project');
  const home = join(dir, 'home of the user');
  await mkdir(join(dir, 'bin'));
  await mkdir(join(home, '.claude'), { recursive: true });
  await writeFile(join(home, '.claude/CLAUDE.md'), 'LEAK of the memory of the user');
  example.copyTo(project);

  await using server = await startModelServer(script);
  const environment = environmentOf(claude, { bin: join(dir, 'bin'), url: server.url });
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [FACTORY, 'run', '001', '--agent', 'claude', '--evaluator', 'claude', '--json', ...flags],
    {
      cwd: project,
      env: { ...environment, HOME: home, CI: 'true' },
      extendEnv: false,
      reject: false,
      timeout: 280_000,
    },
  );
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
  return {
    project,
    exitCode,
    stderr,
    requests: server.requests,
    all: <T extends RunFact['type']>(type: T) =>
      events.filter((event): event is RunEvent & EventOf<T> => event.type === type),
  };
}

describe.each(CLAUDES)('a run whose agents are claude ($version)', (claude) => {
  test(
    'becomes software, retry included, and tells no agent what it must not know',
    { timeout: 300_000 },
    async () => {
      const example = new Example('001-bookshelf-service');
      const run = await runFactory(claude, { example, script: replay(example) });
      expect([run.exitCode, run.exitCode === 0 ? '' : run.stderr]).toEqual([0, '']);

      const finished = run.all('code.finished');
      const runsOf = (unit: ExampleUnit) => finished.filter((event) => event.unit === unit.id);
      expect(example.units.map((unit) => [unit.id, runsOf(unit).length])).toEqual([
        ['lending-desk', 2],
        ['reading-notes', 1],
        ['shelf-core', 1],
      ]);
      for (const { agent } of finished) {
        expect(agent).toMatchObject({ agent: 'claude', outcome: 'ok' });
        expect(agent.usage.costUsd).toBeGreaterThan(0);
      }
      const manifest = await readFile(
        join(run.project, '.start/specs/001-bookshelf-service/manifest.md'),
        'utf8',
      );
      expect(manifest.match(/- \[x\]/g)).toHaveLength(example.units.length);
      const branches = execFileSync('git', ['branch', '--list', 'factory/*'], {
        cwd: run.project,
        encoding: 'utf8',
      });
      expect(branches).toContain('factory/001-bookshelf-service');

      const instructions = tellingLines(await readFile(join(run.project, 'AGENTS.md'), 'utf8'));
      const authors = run.requests.filter(isAuthor);
      const coders = run.requests.filter((request) => !isAuthor(request));
      expect(authors.length).toBeGreaterThan(0);
      expect(coders.length).toBeGreaterThan(0);
      expect(run.requests.filter((request) => request.sent.includes('LEAK'))).toEqual([]);
      for (const request of coders) expectBlindCoder(request, { example, instructions });
      for (const request of authors) expectBlindAuthor(request, { example, instructions });

      // Symptoms are told on a retry, and nowhere else.
      const symptoms = run.all('evaluation.finished').flatMap((event) => event.symptoms);
      expect(symptoms.length).toBeGreaterThan(0);
      const starts = coders.filter(({ turn }) => turn === 0);
      const told = starts.filter((request) => symptoms.some((symptom) => holds(request, symptom)));
      expect(told.map((request) => unitOf(request, example).id)).toEqual(['lending-desk']);
      expect(symptoms.filter((symptom) => !holds(told[0] as ModelRequest, symptom))).toEqual([]);
      expect(starts.indexOf(told[0] as ModelRequest)).toBeGreaterThan(
        starts.findIndex((request) => unitOf(request, example).id === 'lending-desk'),
      );
    },
  );

  test('a key that is refused stops it resumably, says why and costs no iteration', async () => {
    const run = await runFactory(claude, {
      example: new Example('001-bookshelf-service'),
      script: () => ({ status: 401 }),
      flags: ['--retries', '0'],
    });
    expect(run.exitCode).toBe(75);
    expect(run.stderr).toContain('the model API failed 401');
    expect(run.stderr).not.toContain('sk-test-not-real');
    expect(run.all('code.finished')).toEqual([]);
    expect(run.all('infra.failed').map(({ agent }) => agent?.outcome)).toContain('api_error');
  });
});

interface Known {
  readonly example: Example;
  /** Telling lines of the project's instructions. */
  readonly instructions: readonly string[];
}

/** A coder is sent its own spec and the project's instructions, no line of another spec, nothing of any scenario. */
function expectBlindCoder(request: ModelRequest, { example, instructions }: Known): void {
  const own = unitOf(request, example);
  const mayKnow = [own.spec, ...instructions, ...writtenBy(own)].join('\n');
  const foreign = example.units.filter((unit) => unit !== own);
  const secrets = [
    ...foreign.flatMap((unit) => [unit.id, ...tellingLines(unit.spec)]),
    ...example.units.flatMap((unit) =>
      [...unit.scenarios].flatMap(([name, text]) => [name, ...tellingLines(text)]),
    ),
    ...example.units.flatMap((unit) => unit.checks.flatMap(({ code }) => tellingLines(code))),
  ].filter((line) => !mayKnow.includes(line));
  expect(secrets.length).toBeGreaterThan(50);
  expect(secrets.filter((line) => holds(request, line))).toEqual([]);
  expect(tellingLines(own.spec).filter((line) => !holds(request, line))).toEqual([]);
  expect(instructions.filter((line) => !holds(request, line))).toEqual([]);
}

/** What its own code says comes back to a coder when it reads its files. */
const writtenBy = (unit: ExampleUnit) => [1, 2].flatMap((run) => [...unit.code(run).values()]);

/** The author is sent scenarios of one unit; no unit spec, no instructions, no tool but its answer. */
function expectBlindAuthor(request: ModelRequest, { example, instructions }: Known): void {
  const own = unitOf(request, example);
  const mayKnow = [...own.scenarios.values()].join('\n');
  const foreign = example.units.filter((unit) => unit !== own);
  const secrets = [
    ...instructions,
    ...example.units.flatMap((unit) => tellingLines(unit.spec)),
    ...foreign.flatMap((unit) => [...unit.scenarios.values()].flatMap(tellingLines)),
  ].filter((line) => !mayKnow.includes(line));
  expect(secrets.filter((line) => holds(request, line))).toEqual([]);
  const harmless = ['StructuredOutput', 'DeferredToolPlaceholder'];
  expect(request.tools.filter((name) => !harmless.includes(name))).toEqual([]);
}
