import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgent, type AgentChoice, type AgentRequest, type Caps } from '../../agent/index.ts';
import { own } from '../../barrier/index.ts';
import { removeTree, type Route, type Sandbox } from '../../process/index.ts';
import type { Ways } from '../wall/ways.ts';
import type { World } from '../world.ts';

/** What every evaluation agent of a run has in common. */
export interface EvaluationAgent {
  readonly world: World;
  readonly ways: Ways;
  readonly agent: AgentChoice;
  readonly caps: Caps;
  readonly templates: string;
  readonly scratch: string;
  readonly runDir: string;
  readonly sandbox: Sandbox;
  readonly marker: string;
}

type Asked = Pick<AgentRequest, 'role' | 'briefing' | 'unit' | 'schema'> & {
  /** What its transcript is called. */
  readonly name: string;
  /** How often such an agent was asked in this process, this time included; default 1. */
  readonly call?: number;
  /** Ways beside those that every agent of its kind has. */
  readonly routes?: readonly Route[];
};

/** Runs an agent that must not find anything: in an empty folder, with an empty home, both gone afterwards. */
export async function runBareAgent(
  of: EvaluationAgent,
  { name, call = 1, routes = [], ...asked }: Asked,
  signal: AbortSignal,
): ReturnType<typeof runAgent> {
  const stamped = `${name}-${of.world.now().getTime()}`;
  // Its path tells the agent nothing.
  const place = join(of.scratch, 'bare', randomUUID());
  const cwd = join(place, 'empty');
  const home = join(place, 'home');
  try {
    for (const folder of [cwd, home]) await mkdir(folder, { recursive: true });
    await own(of.sandbox, [cwd, home]);
    const { view, ...given } = await of.ways.agent(of.agent, asked.role);
    return await runAgent(
      of.agent,
      {
        ...asked,
        ...given,
        iteration: call,
        cwd,
        home,
        transcriptFile: join(of.runDir, 'transcripts', asked.unit, `${stamped}.ndjson`),
        runDir: of.runDir,
        caps: of.caps,
        sandbox: of.sandbox,
        view: { ...view, write: [cwd, home], routes: [...(view.routes ?? []), ...routes] },
        marker: of.marker,
      },
      signal,
    );
  } finally {
    await removeTree(place);
  }
}
