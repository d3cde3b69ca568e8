import type { SpawnPlan } from '../../process/index.ts';
import { run } from '../../process/index.ts';
import type { AttemptRecord, Ground } from './attempt.ts';
import type { ProductFiles } from '../product/copy.ts';
import { NoProduct } from '../product/copy.ts';
import { oneLine } from './outcome.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import type { Bench, Reset } from '../settings.ts';
import { marked, routesTo } from '../settings.ts';
import type { Exchange } from '../proxy/traffic.ts';

const REQUEST = /^(GET|POST|PUT|PATCH|DELETE)\s+(\/\S*)$/;
/** Time for it, ms. */
const RESET_MS = 30_000;

interface Occasion {
  readonly bench: Bench;
  readonly ground: Ground;
  readonly signal: AbortSignal;
}

/**
 * Puts the state of the service back before an attempt, where somebody declared how. Null: it is done, or nothing is to be done. A product
 * that does not let itself be put back fails the attempt, as its own answers show; a command that fails for another reason is nobody's fault
 * here: throws `NoProduct`.
 */
export async function putBack({ bench, ground, signal }: Occasion): Promise<AttemptRecord | null> {
  const { reset } = bench;
  const { proxy, served } = ground;
  if (reset === undefined || proxy === null || served === undefined) return null;
  const recording = proxy.record();
  const trouble = REQUEST.test(reset.how)
    ? await asked(proxy, reset.how, signal)
    : await commanded({ reset, bench, proxy, files: served(), signal });
  const seen = recording.stop();
  if (trouble === null || signal.aborted) return null;
  const refused = seen.some(isRefusal);
  if (!refused && !REQUEST.test(reset.how)) throw new NoProduct(trouble);
  return {
    outcome: 'failed',
    reason: trouble,
    on: ground.on,
    ms: 0,
    exit: null,
    observations: seen.map((exchange) => ({ kind: 'http', ...exchange })),
    fault: null,
    output: '',
  };
}

const isRefusal = ({ status, error }: Exchange): boolean => error !== null || (status ?? 0) >= 400;

/** Null when the product answered with 2xx or 3xx. */
async function asked(
  proxy: RecordingProxy,
  how: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [, method = '', path = ''] = REQUEST.exec(how) ?? [];
  try {
    const answer = await fetch(proxy.url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(RESET_MS)]),
    });
    await answer.arrayBuffer();
    return answer.status < 400 ? null : `reset: ${how} was answered with ${answer.status}`;
  } catch (error) {
    return oneLine(`reset: ${how}: ${(error as Error).message}`);
  }
}

interface Commanded {
  readonly reset: Reset;
  readonly bench: Bench;
  readonly proxy: RecordingProxy;
  /** Where the service runs; null when it is not up. */
  readonly files: ProductFiles | null;
  readonly signal: AbortSignal;
}

/** Runs it where the service runs; null when it exited with 0. */
async function commanded(of: Commanded): Promise<string | null> {
  const { reset, bench, proxy, files, signal } = of;
  if (files === null) return 'reset: the service is not up';
  const plan: SpawnPlan = {
    label: 'reset',
    command: ['sh', '-c', reset.how],
    cwd: files.dir,
    env: { ...bench.env, ...reset.env, BASE_URL: proxy.url, PORT: String(proxy.port) },
    view: {
      read: files.read ?? [],
      write: [files.dir],
      routes: [...reset.routes, ...routesTo(proxy, bench)],
    },
    limits: { wallMs: RESET_MS, graceMs: 500 },
    sweep: true,
    ...marked(bench),
  };
  const { cause, code, stderr, summary } = await run(plan, bench.sandbox, { signal });
  if (cause === 'exited' && code === 0) return null;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return oneLine(`reset: \`${reset.how}\` ${summary}${last === '' ? '' : `: ${last}`}`);
}
