import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended } from '../rig/project.ts';
import { findings, leaked } from './findings.ts';
import { FORGERIES } from './forgeries.ts';
import { AGENTS, Stage } from './stage.ts';

/** `open`: it worked and nobody noticed. `detected`: it worked, and the run said so and is invalid. */
export type Outcome = 'stopped' | 'detected' | 'open';
/** Outcome by attack. */
export type Results = ReadonlyMap<string, Outcome>;

const TRIPPED = 4;
const GOOD_SERVICE = 'service:\n  start: node lib/serve.mjs';
const SPYING_SERVICE = 'service:\n  start: node lib/hostile/service.mjs @lib/hostile/world.json';

/** A run of the staged project with an attacker in one of its parts; prepared files play the others. */
async function attacked(
  stage: Stage,
  roles: { coder?: string; evaluator?: string; flags?: readonly string[] },
): Promise<Ended> {
  const { project } = stage;
  const program = (words: string) =>
    `command:${process.execPath} ${join(AGENTS, words.replace(' ', ` ${stage.knowledge()} `))}`;
  const played = `scripted:${join(project.root, 'scripted')}`;
  return project.cli([
    'run',
    '--slots',
    '2',
    '--agent',
    roles.coder === undefined ? played : program(`${roles.coder} `),
    '--evaluator',
    roles.evaluator === undefined ? played : program(`${roles.evaluator} `),
    ...(roles.flags ?? []),
  ]);
}

async function spied(stage: Stage, { code }: Ended): Promise<Results> {
  const results = new Map<string, Outcome>();
  for (const finding of (await findings(stage)).values()) {
    const worked = code === TRIPPED ? 'detected' : 'open';
    results.set(finding.attack, leaked(stage, finding) ? worked : 'stopped');
  }
  return results;
}

/** A code agent after the holdout and the other unit's spec. */
async function codersAttack(): Promise<Results> {
  await using stage = await Stage.open();
  return spied(stage, await attacked(stage, { coder: 'coder.mjs' }));
}

/** A live evaluator after unit specs and source. */
async function evaluatorsAttack(): Promise<Results> {
  await using stage = await Stage.open(GOOD_SERVICE);
  const flags = ['--evaluation', 'report'];
  return spied(stage, await attacked(stage, { evaluator: 'evaluator.mjs', flags }));
}

/** A product after the holdout, and after a way to tell code agents what it was asked. */
async function productsAttack(): Promise<Results> {
  await using stage = await Stage.open(SPYING_SERVICE);
  return spied(stage, await attacked(stage, { coder: 'listener.mjs' }));
}

/** Code agents that forge results or plant what others execute, each in a run of its own: one would spoil the other's. */
async function forgersAttack(): Promise<Results> {
  const results = new Map<string, Outcome>();
  for (const name of Object.keys(FORGERIES))
    for (const [forgery, outcome] of await forged([name])) results.set(forgery, outcome);
  return results;
}

async function forged(names: readonly string[]): Promise<Results> {
  await using stage = await Stage.open();
  const scenario = await stage.scenario();
  const words = names.map((name) => name.replaceAll(' ', '+'));
  const coder = `forger.mjs ${words.join(' ')}`;
  const ended = await attacked(stage, { coder });
  const results = new Map<string, Outcome>();
  for (const name of names) {
    const worked = (await FORGERIES[name]?.({ stage, ended, scenario })) ?? true;
    const noticed = ended.code === 2 || ended.code === TRIPPED ? 'detected' : 'open';
    results.set(name, worked ? noticed : 'stopped');
  }
  await rm('/dev/shm/factory-hostile-notes', { recursive: true, force: true });
  return results;
}

export const CAMPAIGNS = {
  'A code agent after scenarios and other unit specs': codersAttack,
  'A code agent that forges or plants': forgersAttack,
  'The product after scenarios, and as a messenger to code agents': productsAttack,
  'A live evaluator after unit specs and source': evaluatorsAttack,
} as const satisfies Record<string, () => Promise<Results>>;
