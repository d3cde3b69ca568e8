import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Project } from '../project.ts';
import { fill, holds, type Contexts } from './expression.ts';
import type { Store } from './store.ts';

const texts = z.record(z.string(), z.string());
const Step = z.strictObject({
  name: z.string(),
  id: z.string().optional(),
  if: z.string().default('success()'),
  shell: z.literal('bash').optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  'working-directory': z.string().default('.'),
  env: texts.default({}),
  with: texts.default({}),
});
type Step = z.infer<typeof Step>;

/** As much of an action's file as a job follows. */
const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(Step) }),
});

export const readAction = async (folder: string) =>
  Action.parse(parse(await readFile(join(folder, 'action.yml'), 'utf8')));

export interface Job {
  readonly checkout: Project;
  /** Folder of the action. */
  readonly action: string;
  /** Number of the workflow run: later jobs have greater ones. */
  readonly id: number;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly store: Store;
}

export interface Done {
  /** Each step by its name: `success`, `failure`, `skipped`, or what an official action answers. */
  readonly steps: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Everything the scripts printed. */
  readonly log: string;
}

/**
 * A job with one step, a composite action: its scripts run as a runner on Linux starts them, in their order, under their conditions, with GitHub's own
 * evaluator of expressions. Official actions are played by the store, and `npm` by a program that says what it was asked.
 */
export async function runAction(job: Job): Promise<Done> {
  const { inputs, outputs, runs } = await readAction(job.action);
  const temp = join(job.checkout.root, `runner-${job.id}`);
  await mkdir(join(temp, 'bin'), { recursive: true });
  await writeFile(join(temp, 'summary'), '');
  await writeFile(join(temp, 'bin', 'npm'), '#!/bin/sh\nprintf "npm %s\\n" "$*"\n');
  await chmod(join(temp, 'bin', 'npm'), 0o755);

  const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default]);
  let contexts: Contexts = {
    inputs: { ...(Object.fromEntries(defaults) as Record<string, string>), ...job.inputs },
    github: { run_id: String(job.id), run_attempt: '1' },
    runner: { temp },
    steps: {},
    isFine: true,
  };
  const steps: Record<string, string> = {};
  let log = '';
  for (const step of runs.steps) {
    if (!holds(step.if, contexts)) {
      steps[step.name] = 'skipped';
    } else if (step.uses === undefined) {
      const ran = await script(step, { job, temp, contexts });
      log += `${ran.log}\n`;
      steps[step.name] = ran.isFine ? 'success' : 'failure';
      contexts = {
        ...contexts,
        isFine: contexts.isFine && ran.isFine,
        steps:
          step.id === undefined ? contexts.steps : { ...contexts.steps, [step.id]: ran.outputs },
      };
    } else {
      const given = filled(step.with, contexts);
      steps[step.name] = await job.store.use(step.uses, given, job.checkout.dir);
    }
  }
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
  return {
    steps,
    outputs: filled(Object.fromEntries(values) as Record<string, string>, contexts),
    summary: await readFile(join(temp, 'summary'), 'utf8'),
    log,
  };
}

const filled = (values: Readonly<Record<string, string>>, contexts: Contexts) =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, fill(text, contexts)]));

interface Runner {
  readonly job: Job;
  readonly temp: string;
  readonly contexts: Contexts;
}

async function script(step: Step, { job, temp, contexts }: Runner) {
  const own = { ...job.checkout.env(), ...job.env };
  const output = join(temp, 'output');
  await writeFile(output, '');
  const { exitCode, all } = await execa(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run ?? '', contexts)],
    {
      cwd: join(job.checkout.dir, fill(step['working-directory'], contexts)),
      env: {
        ...own,
        PATH: `${join(temp, 'bin')}:${own['PATH'] ?? ''}`,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: job.checkout.dir,
        GITHUB_ACTION_PATH: job.action,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(temp, 'summary'),
        RUNNER_TEMP: temp,
        ...filled(step.env, contexts),
      },
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
  const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line !== '');
  return {
    isFine: exitCode === 0,
    log: all,
    outputs: Object.fromEntries(lines.map((line) => line.split('=', 2))) as Record<string, string>,
  };
}
