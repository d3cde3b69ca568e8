import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Attempt, FrozenCheck } from '../../domain/index.ts';
import type { Exit, Running, SpawnPlan } from '../../process/index.ts';
import { removeTree, spawn } from '../../process/index.ts';
import type { Fault, FromCheck, Go } from '../child/wire.ts';
import type { Observation } from './observation.ts';
import type { Ending, Finding } from './outcome.ts';
import { find, findTest } from './outcome.ts';
import { Conversation } from './conversation.ts';
import type { ProductFiles } from '../product/copy.ts';
import { sharedFolder } from '../product/copy.ts';
import type { ProductPlace } from '../product/product.ts';
import { ProductAccess } from '../product/product.ts';
import { childProgram } from '../product/programs.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import { browserFor } from './browser.ts';
import { renderAddress } from './render.ts';
import type { Bench } from '../settings.ts';
import { marked, routesTo } from '../settings.ts';

/** Where an attempt happens. */
export interface Ground {
  readonly on: Attempt['on'];
  /** Null when there is no service to talk to. */
  readonly proxy: RecordingProxy | null;
  /** The product's tree, made when it is first needed; throws `NoProduct`. */
  readonly tree: () => Promise<ProductFiles>;
  /** Where the service behind the proxy runs, so that its state can be put back. */
  readonly served?: () => ProductFiles | null;
  /** Where attempts share a service: waits until it is this one's turn, and holds up the next. */
  readonly inTurn?: <T>(use: () => Promise<T>) => Promise<T>;
  /** Commands and exports of a product that is none; the real ones when it is left out. */
  readonly product?: (place: ProductPlace) => ProductAccess;
}

/** One execution of one check, with everything a person needs to understand it. */
export interface AttemptRecord extends Finding {
  readonly on: Attempt['on'];
  readonly ms: number;
  readonly observations: readonly Observation[];
  /** How its process ended; null when none was started. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /** Why a check that is ours did not return. */
  readonly fault: Fault | null;
  /** What the check itself printed; evidence only. */
  readonly output: string;
  /** What was on the pages that it opened, as PNG. */
  readonly pictures?: readonly Uint8Array[];
}

export interface Job {
  readonly bench: Bench;
  readonly check: FrozenCheck;
  /** The frozen text, verified. */
  readonly source: string;
  readonly ground: Ground;
  readonly signal: AbortSignal;
  /** What comes first when it is its turn; an answer is what became of the attempt, which then is not made. */
  readonly before?: () => Promise<AttemptRecord | null>;
  /** Longest wait for one answer, ms, whatever the check says: the null service keeps nobody long. */
  readonly patienceMs?: number;
  /** Who the kit says it is. */
  readonly client?: string;
}

const FLOOD_BYTES = 16 * 1024 * 1024;
const KEEP_BYTES = 16 * 1024;
/** No file of a check is larger than 64 or 128 MiB (as the shell counts), and no more than 512 are open at once, connections among them. */
const BOUNDS = 'ulimit -f 131072 && ulimit -n 512 && exec "$@"';

/** Runs a check once, in a folder and processes of its own. Throws `NoProduct` when the product's tree cannot be had. */
export async function attempt(job: Job): Promise<AttemptRecord> {
  await mkdir(job.bench.scratch, { recursive: true });
  const scratch = await mkdtemp(path.join(job.bench.scratch, 'attempt-'));
  const { bench, ground, signal } = job;
  const place = { bench, scratch, source: ground.tree, signal };
  const product = ground.product?.(place) ?? new ProductAccess(place);
  try {
    return await execute(job, { scratch, product });
  } finally {
    await product.close();
    await removeTree(scratch);
  }
}

interface Parts {
  readonly scratch: string;
  readonly product: ProductAccess;
}

async function execute(job: Job, { scratch, product }: Parts): Promise<AttemptRecord> {
  const { check, ground, bench, signal } = job;
  const cwd = path.join(scratch, 'check');
  await sharedFolder(cwd);
  const file = path.join(cwd, `check${path.extname(check.file)}`);
  await writeFile(file, renderAddress(job.source, ground.proxy, bench.port));
  const talk = new Conversation(product);
  const isTest = check.origin === 'stub';
  const plan = isTest ? await testPlan(job, file, product) : await checkPlan(job, file, cwd);
  const start = () => {
    const running: Running = spawn(plan, bench.sandbox, {
      signal,
      onMessage: (message) => talk.heard(message as FromCheck, (reply) => running.send(reply)),
    });
    void talk.ready.then(() => running.pause());
    return running;
  };
  // The program of a check starts while another attempt has its turn, and waits; a test begins at once, whatever it is told.
  const early = isTest ? null : start();
  const inTurn = ground.inTurn ?? ((use) => use());
  return inTurn(async () => {
    await (early && Promise.race([talk.ready, early.ended]));
    return (await job.before?.()) ?? (await observed(job, { product, talk, early, start }));
  }).finally(() => early?.stop());
}

interface Observed {
  readonly product: ProductAccess;
  readonly talk: Conversation;
  readonly early: Running | null;
  readonly start: () => Running;
}

/** From the moment on at which it may begin. */
async function observed(job: Job, { product, talk, early, start }: Observed) {
  const recording = job.ground.proxy?.record() ?? null;
  try {
    early?.restart();
    const running = early ?? start();
    running.send({ kind: 'go' } satisfies Go);
    const exit = await running.ended;
    const now = performance.now();
    // Read before the product's processes are ended: what is unanswered now was unanswered at the end.
    const waiting = product.pending > 0 || (recording?.peek().open ?? 0) > 0;
    const seen = [...product.observations, ...talk.unanswered(now)];
    await product.close();
    if (talk.trouble !== null) throw talk.trouble;
    const http = (recording?.stop() ?? []).map((e) => ({ kind: 'http' as const, ...e }));
    const observations = [...http, ...seen].sort((a, b) => a.at - b.at);
    const ends = observations.map((each) => each.at + each.ms);
    const ending: Omit<Ending, 'verdict'> = {
      exit,
      touched: observations.length > 0,
      waiting,
      quietMs: ends.length === 0 ? null : now - Math.max(...ends),
    };
    return recordOf(job, { ending, talk, observations });
  } finally {
    recording?.stop();
  }
}

function recordOf(
  { check, ground }: Job,
  seen: {
    readonly ending: Omit<Ending, 'verdict'>;
    readonly talk: Conversation;
    readonly observations: readonly Observation[];
  },
): AttemptRecord {
  const { ending, talk, observations } = seen;
  const { verdict, pictures } = talk;
  const finding =
    check.origin === 'stub' ? findTest(ending, check.needsService) : find({ ...ending, verdict });
  const { ms, code, signal } = ending.exit;
  return {
    ...finding,
    on: ground.on,
    ms,
    exit: { code, signal },
    observations,
    fault: verdict?.passed === false ? verdict.fault : null,
    output: outputOf(ending.exit),
    ...(pictures.length > 0 && { pictures }),
  };
}

const outputOf = ({ stdout, stderr }: Exit): string =>
  [stdout, stderr].filter((text) => text.trim() !== '').join('\n');

async function checkPlan(job: Job, file: string, cwd: string): Promise<SpawnPlan> {
  const { bench, ground } = job;
  const home = path.join(cwd, '..', 'home-of-check');
  await sharedFolder(home);
  const routes = routesTo(ground.proxy, bench);
  // It carries them itself: a program in front of it would cost each attempt the start of another Node.
  const carried = routes.length === 0 ? {} : { FACTORY_ROUTES: JSON.stringify(routes) };
  const browser = browserFor(job.check, bench);
  return {
    ...common(job),
    command: ['sh', '-c', BOUNDS, 'sh', bench.node, childProgram('runner'), file],
    cwd,
    env: {
      ...bench.env,
      HOME: home,
      ...addressOf(ground.proxy),
      ...carried,
      ...browser.env,
      ...mannersOf(job),
    },
    view: {
      read: [childProgram('runner'), ...browser.read, ...routes.map(({ socket }) => socket)],
      write: [cwd, home],
    },
    ipc: true,
  };
}

/**
 * A self-contained test runs where its author expected to be: in the product's tree. What it starts of the product sees what it sees,
 * the test's own text included.
 */
async function testPlan(job: Job, file: string, product: ProductAccess): Promise<SpawnPlan> {
  const program = path.extname(file) === '.sh' ? 'bash' : job.bench.node;
  const { proxy } = job.ground;
  const more = { read: [file], routes: routesTo(proxy, job.bench) };
  const plan = await product.copy.plan([program, file], more);
  return { ...plan, ...common(job), env: { ...plan.env, ...addressOf(proxy) } };
}

const common = ({ bench, check }: Job) => ({
  label: `check of ${check.scenario}`,
  limits: {
    wallMs: bench.attemptMs,
    graceMs: 500,
    floodBytes: FLOOD_BYTES,
    keepBytes: KEEP_BYTES,
  },
  sweep: true,
  ...marked(bench),
});

/** For the runner, which takes them away before the check is loaded. */
const mannersOf = ({ patienceMs, client }: Job): Record<string, string> => ({
  ...(patienceMs !== undefined && { KIT_PATIENCE_MS: String(patienceMs) }),
  ...(client !== undefined && { KIT_CLIENT: client }),
});

function addressOf(proxy: RecordingProxy | null): Record<string, string> {
  if (!proxy) return {};
  // A machine's web proxy must not stand between a test and the product.
  const direct = { NO_PROXY: 'localhost,127.0.0.1', no_proxy: 'localhost,127.0.0.1' };
  return { BASE_URL: proxy.url, PORT: String(proxy.port), ...direct };
}
