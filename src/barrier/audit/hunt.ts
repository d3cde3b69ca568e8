import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { err, ok, Sighting } from '../../domain/index.ts';
import type { Hunt, Problem, Result } from '../../domain/index.ts';
import { run } from '../../process/index.ts';
import type { Exit, Sandbox, SpawnPlan, View } from '../../process/index.ts';
import { LURES_TRACE } from '../leftovers.ts';
import type { Canary } from './canary.ts';
import type { Order } from './child/order.ts';
import { setLures, type Lures } from './lures.ts';
import { HUNTER } from './programs.ts';

/** What is hunted, and from where. */
export interface Hunting {
  readonly canary: Canary;
  /** The place of a code agent, as it gets it. */
  readonly place: {
    readonly cwd: string;
    readonly home: string;
    readonly view: View;
  };
  /** Whole files that must not be found: sha256 → path. */
  readonly files: ReadonlyMap<string, string>;
  /** Objects that must not be found: name → path. */
  readonly objects: ReadonlyMap<string, string>;
  /** Places of the host that must not be there. */
  readonly paths: readonly string[];
  readonly node: string;
  /** PATH of programs. */
  readonly path: string;
  readonly platform: string;
  readonly sandbox: Sandbox;
  readonly marker: string;
  /** Folder that keeps a trace of what is laid out while it is. */
  readonly scratch: string;
  /** Most time and bytes that a search may take inside a sandbox. */
  readonly ms?: number;
  readonly bytes?: number;
}

const GIBI = 1024 ** 3;

/** Without a wall everything is found at once, and a long search would only read what is none of our business. */
const BRIEF = { ms: 400, bytes: 32 * 1024 * 1024 };
const THOROUGH = { ms: 20_000, bytes: 2 * GIBI };

/**
 * Lets the hunter loose where a code agent will be. What it finds behind a wall is a breach; without one it is what everybody could find.
 * A hunter that does not answer has found nothing and proven nothing: that is a problem of the machine.
 */
export async function hunt(of: Hunting, signal: AbortSignal): Promise<Result<Hunt, Problem>> {
  const trace = join(of.scratch, LURES_TRACE);
  const lures = await setLures(of.canary, { ...of, trace });
  try {
    const plan = planOf(of, lures);
    const exit = await run(plan, of.sandbox, { signal });
    const answer = answerOf(exit);
    if (!answer.ok) return answer;
    return ok({
      tier: of.sandbox.kind === 'bwrap' ? 'bwrap' : 'advisory',
      argv: argvHash(of.sandbox, plan),
      shown: shownBy(of.place.view),
      canary: of.canary.sha256,
      ...answer.value,
      found: answer.value.found.map((each) => ({ ...each, what: named(each.what, of) })),
    });
  } finally {
    await lures.close();
  }
}

function planOf(of: Hunting, lures: Lures): SpawnPlan {
  const { place, node, path, marker, sandbox } = of;
  const budget = sandbox.kind === 'bwrap' ? { ...THOROUGH, ...limits(of) } : BRIEF;
  return {
    label: 'canary hunt',
    command: [node, HUNTER],
    cwd: place.cwd,
    env: { PATH: path, HOME: place.home, LC_ALL: 'C.UTF-8' },
    stdin: JSON.stringify(orderOf(of, lures, budget)),
    view: { ...place.view, read: [...(place.view.read ?? []), HUNTER] },
    limits: { wallMs: budget.ms + 60_000, keepBytes: 16 * 1024 * 1024 },
    sweep: true,
    marker,
  };
}

/** Programs, which are the same on every machine of this kind. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

const limits = ({ ms, bytes }: Hunting) => ({
  ...(ms !== undefined && { ms }),
  ...(bytes !== undefined && { bytes }),
});

function orderOf(of: Hunting, lures: Lures, budget: { ms: number; bytes: number }): Order {
  const { canary, place, paths, files, objects, sandbox } = of;
  const shut = sandbox.kind === 'bwrap';
  return {
    canary: canary.sha256,
    files: [...files.keys()],
    objects: [canary.blob, ...objects.keys()],
    paths: [...paths, canary.file],
    search: shut ? ['/'] : [dirname(canary.file), ...paths],
    system: [...SYSTEM, dirname(dirname(of.node))],
    ports: [lures.port],
    sockets: [lures.socket],
    abstract: lures.abstract === null ? [] : [lures.abstract],
    pids: shut || lures.pid === null ? null : [lures.pid],
    shut,
    allowed: (place.view.routes ?? []).map(({ socket }) => socket),
    ...budget,
  };
}

const Answer = z.object({
  found: z.array(Sighting),
  looked: z.object({
    files: z.int(),
    bytes: z.int(),
    objects: z.int(),
    processes: z.int(),
    sockets: z.int(),
  }),
  complete: z.boolean(),
});

function answerOf(exit: Exit): Result<z.infer<typeof Answer>, Problem> {
  const parsed =
    exit.cause === 'exited' && exit.code === 0 ? Answer.safeParse(json(exit.stdout)) : null;
  if (parsed?.success === true) return ok(parsed.data);
  return err({
    where: 'canary hunt',
    what: `The hunt for leaks did not come to its end: it ${exit.summary} (${exit.stderr.trim().split('\n').at(-1) ?? ''}).`,
    remedy: 'Run again; nothing was given to an agent.',
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off; the schema says so.
    return null;
  }
}

/** What the hunter knows by hash only. */
function named(what: string, { canary, files, objects }: Hunting): string {
  const [kind, hash = ''] = what.split(' ');
  if (what === 'canary' || hash === canary.blob) return 'the planted canary';
  const path =
    kind === 'object' ? objects.get(hash) : kind === 'file' ? files.get(hash) : undefined;
  return path === undefined ? what : `the whole of ${path}`;
}

function argvHash(sandbox: Sandbox, plan: SpawnPlan): string | null {
  if (sandbox.kind === 'none') return null;
  const { command, options, inside } = sandbox.enclose(plan);
  return createHash('sha256')
    .update(JSON.stringify([command, options, inside]))
    .digest('hex');
}

const shownBy = ({ read = [], write = [], overlay, routes = [] }: View): string[] =>
  [
    ...read,
    ...write,
    ...(overlay === undefined ? [] : [overlay.at, ...overlay.lower]),
    ...routes.map(({ socket }) => socket),
  ].toSorted();
