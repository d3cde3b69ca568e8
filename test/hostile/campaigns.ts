import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { nodeAgent } from '../rig/command.ts';
import type { Ended } from '../rig/project.ts';
import { forgeUnprotected, Unprotected } from './control.ts';
import { findings, forgeries, leaked } from './findings.ts';
import { FORGERIES } from './forgeries.ts';
import { AGENTS, NOTES, Stage } from './stage.ts';

/** `open`: it worked and nobody noticed. `detected`: it worked, and the run said so and is invalid. */
export type Outcome = 'stopped' | 'detected' | 'open';
/** Outcome by attack. */
export type Results = ReadonlyMap<string, Outcome>;
/** What the attackers are up against. */
export const BARRIERS = ['no barrier', 'advisory', 'sandbox'] as const;
export type Barrier = (typeof BARRIERS)[number];
/** Of those, what the runtime puts up. */
type Runtime = Exclude<Barrier, 'no barrier'>;

const TRIPPED = 4;
const INVALID = 2;
const GOOD_SERVICE = 'service:\n  start: node lib/serve.mjs';
const SPYING_SERVICE = 'service:\n  start: node lib/hostile/service.mjs @lib/hostile/world.json';

interface Attackers {
  readonly barrier: Runtime;
  readonly coder?: string;
  readonly evaluator?: string;
  readonly flags?: readonly string[];
}

/** A run of the staged project with an attacker in one of its parts; prepared files play the others. */
async function attacked(stage: Stage, roles: Attackers): Promise<Ended> {
  const { project } = stage;
  const program = (words: string) => {
    const [file = '', ...more] = words.split(' ');
    return nodeAgent(join(AGENTS, file), stage.knowledge(), ...more);
  };
  const played = `scripted:${join(project.root, 'scripted')}`;
  return project.cli(
    [
      'run',
      '--slots=2',
      '--on-escalate=skip',
      `--agent-path=${AGENTS}`,
      `--barrier=${roles.barrier === 'sandbox' ? 'auto' : 'advisory'}`,
      `--agent=${roles.coder === undefined ? played : program(roles.coder)}`,
      `--evaluator=${roles.evaluator === undefined ? played : program(roles.evaluator)}`,
      ...(roles.flags ?? []),
    ],
    { env: { A_SECRET_OF_THE_USER: stage.all } },
  );
}

async function spied(stage: Stage, { code, stderr }: Ended): Promise<Results> {
  const results = new Map<string, Outcome>();
  for (const finding of (await findings(stage)).values()) {
    const worked = code === TRIPPED ? 'detected' : 'open';
    results.set(finding.attack, leaked(stage, finding) ? worked : 'stopped');
  }
  if (results.size === 0) throw new Error(`nobody attacked (exit ${String(code)}): ${stderr}`);
  return results;
}

/** A code agent after the holdout and the other unit's spec. */
async function codersAttack(barrier: Runtime): Promise<Results> {
  await using stage = await Stage.open();
  return await spied(stage, await attacked(stage, { barrier, coder: 'coder.mjs' }));
}

/** A live evaluator after unit specs and source. */
async function evaluatorsAttack(barrier: Runtime): Promise<Results> {
  await using stage = await Stage.open(GOOD_SERVICE);
  const flags = ['--evaluation', 'report'];
  return await spied(stage, await attacked(stage, { barrier, evaluator: 'evaluator.mjs', flags }));
}

/** A live evaluator that tells the code agent what it must not know. */
async function messengersAttack(barrier: Runtime): Promise<Results> {
  await using stage = await Stage.open(GOOD_SERVICE);
  const flags = ['--evaluation', 'report'];
  const roles = { barrier, coder: 'reader.mjs', evaluator: 'messenger.mjs', flags };
  return await spied(stage, await attacked(stage, roles));
}

/** A product after the holdout, and after a way to tell code agents what it was asked. */
async function productsAttack(barrier: Runtime): Promise<Results> {
  await using stage = await Stage.open(SPYING_SERVICE);
  return await spied(stage, await attacked(stage, { barrier, coder: 'listener.mjs' }));
}

/** Work with one of these does not land, so that nothing else in it would be seen to. */
const REFUSED = [
  'filters by .gitattributes',
  'instructions for other agents',
  'a box ticked in the workspace',
];

/**
 * Code agents that forge results or plant what others execute. Where they succeed, each needs a run of its own: one would spoil the
 * other's. Where nothing succeeds they can all try at once.
 */
async function forgersAttack(barrier: Runtime): Promise<Results> {
  const names = Object.keys(FORGERIES);
  const rest = names.filter((name) => !REFUSED.includes(name));
  const together = barrier === 'sandbox' ? [REFUSED, rest] : names.map((name) => [name]);
  const results = await pMap(together, (group) => forged(barrier, group), { concurrency: 4 });
  return new Map(results.flatMap((each) => [...each]));
}

async function forged(barrier: Runtime, names: readonly string[]): Promise<Results> {
  await using stage = await Stage.open();
  const scenario = await stage.scenario();
  const words = names.map((name) => name.replaceAll(' ', '+'));
  const coder = `forger.mjs ${words.join(' ')}`;
  const ended = await attacked(stage, { barrier, coder });
  const results = new Map<string, Outcome>();
  for (const name of names) {
    const worked = (await FORGERIES[name]?.({ stage, ended, scenario })) ?? true;
    // Nothing but the runtime is in its way: a forger that could not even do what it wanted would prove nothing.
    if (!worked && barrier === 'advisory' && !(await wasTried(stage, name))) untried.push(name);
    results.set(name, worked ? noticed(ended) : 'stopped');
  }
  return results;
}

/** Forgeries that could not even be tried. */
export const untried: string[] = [];

const wasTried = async (stage: Stage, name: string): Promise<boolean> =>
  (await forgeries(stage)).some(({ forgery, acted }) => forgery === name && acted);

/** A run that ends as invalid, or whose receipt says what is wrong with it, has noticed. */
const noticed = ({ code, stderr }: Ended): Outcome =>
  code === INVALID || code === TRIPPED || /^receipt: /m.test(stderr) ? 'detected' : 'open';

const CAMPAIGNS = {
  'A code agent after scenarios and other unit specs': codersAttack,
  'A code agent that forges or plants': forgersAttack,
  'The product after scenarios, and as a messenger to code agents': productsAttack,
  'A live evaluator after unit specs and source': evaluatorsAttack,
  'A live evaluator as a messenger to code agents': messengersAttack,
} as const satisfies Record<string, (barrier: Runtime) => Promise<Results>>;

/** Runs every campaign; they have nothing to do with each other. */
export async function campaign(barrier: Barrier): Promise<ReadonlyMap<string, Results>> {
  try {
    if (barrier === 'no barrier') return await unprotected();
    const runs = Object.entries(CAMPAIGNS);
    return new Map(
      await Promise.all(runs.map(async ([name, run]) => [name, await run(barrier)] as const)),
    );
  } finally {
    for (const place of NOTES) await rm(place, { recursive: true, force: true });
  }
}

/** What each attack reaches where nothing is in its way. */
async function unprotected(): Promise<ReadonlyMap<string, Results>> {
  const forging = forgeUnprotected();
  await using stage = await Stage.open();
  const bare = await Unprotected.on(stage);
  const coders = await bare.coders();
  const [evaluator, messenger, product] = await Promise.all([
    bare.evaluator(),
    bare.messenger(),
    bare.product(),
  ]);
  const reached = [coders, await forging, product, evaluator, messenger];
  return new Map(
    Object.keys(CAMPAIGNS).map((title, at) => [
      title,
      new Map([...(reached[at] ?? [])].map(([name, was]) => [name, was ? 'open' : 'stopped'])),
    ]),
  );
}
