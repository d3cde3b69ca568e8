import { join, relative } from 'node:path';
import { isCancel, select } from '@clack/prompts';
import { privateDir } from '../../barrier/index.ts';
import type { Problem } from '../../domain/index.ts';
import { spawn } from '../../process/index.ts';
import { statusText } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import type { LastRun } from '../project/last-run.ts';
import { placed, succeeded, userGit } from '../project/user-git.ts';
import { refuse, refused } from '../refusal.ts';
import { codeOf } from '../run/interruption.ts';
import { gather } from '../settings/gather.ts';
import { settle } from '../settings/settle.ts';
import { isInteractive, widthOf, type World } from '../world.ts';

type Way = 'test' | 'review';

/** A project without a run branch has every finished group already: its tests are run, or a person is told what to look at. */
export async function finishDelivered(
  world: World,
  last: LastRun,
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { name } = last.location;
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  if (flags['merge'] === true || flags['pr'] === true)
    return no({
      where: name,
      what: 'It was run without git, so there is no run branch to do anything with.',
      remedy: `Every finished group is in ${last.project} already: give --test to run its tests, or --review to look it over.`,
    });
  if (flags['leave'] === true) return EXIT.completed;
  const way = await wayOf(world, flags);
  if (way === 'test') return test(world, last);
  if (way === 'review') return review(world, last);
  return no({
    where: 'finish',
    what: `It was run without git: every finished group is in ${last.project} already.`,
    remedy: 'Give --test to run its tests, or --review to look it over.',
  });
}

async function wayOf(world: World, flags: Readonly<Record<string, unknown>>): Promise<Way | null> {
  const given = (['test', 'review'] as const).filter((way) => flags[way] === true);
  if (given.length > 0) return given.length === 1 ? (given[0] ?? null) : null;
  if (!isInteractive(world)) return null;
  const chosen = await select<Way>({
    message: 'The work is in the project already. What now?',
    input: world.stdin,
    output: world.stderr,
    options: [
      { value: 'test', label: "Run the project's tests" },
      { value: 'review', label: 'Say what to look at' },
    ],
  });
  return isCancel(chosen) ? null : chosen;
}

/** The project's own tests where the work is now, as its owner would call them. */
async function test(world: World, { project, view }: LastRun): Promise<number> {
  const gathered = await gather(world, project, {});
  if (!gathered.ok) return refuse(world, gathered.error);
  const command = settle(gathered.value.layers).verify ?? wordAfter(view.state.flags, '--verify');
  if (command === null)
    return refuse(
      world,
      refused({
        where: project,
        what: 'Nobody said how this project is tested.',
        remedy: 'Name the command as verify: in .start/factory.yaml, or use --review.',
      }).error,
    );
  world.stderr.write(`$ ${command} (in ${project}, as you: outside of any sandbox)\n`);
  const stopped = new AbortController();
  let heard: NodeJS.Signals | null = null;
  const forget = world.onSignal((signal) => {
    heard = signal;
    stopped.abort();
  });
  const running = spawn(
    { label: 'tests', command: ['sh', '-c', command], cwd: project, env: placed(world.env) },
    { kind: 'none' },
    {
      signal: stopped.signal,
      onLine: (_, line) => void world.stderr.write(`${line}\n`),
    },
  );
  const exit = await running.ended;
  forget();
  if (heard !== null) return codeOf(heard);
  if (succeeded(exit)) {
    world.stderr.write('The tests passed.\n');
    return EXIT.completed;
  }
  world.stderr.write(`The tests did not pass: ${exit.summary}.\n`);
  return EXIT.failed;
}

function wordAfter(words: readonly string[], flag: string): string | null {
  const at = words.indexOf(flag);
  return at === -1 ? null : (words[at + 1] ?? null);
}

/** What a person looks at: which files came, what was not overwritten, how every unit was measured, and where the differences are. */
async function review(world: World, { project, location, view, log }: LastRun): Promise<number> {
  const { base, head } = view.state;
  const repository = [
    '--git-dir',
    join(relative(world.cwd, project), relative(project, privateDir(project))),
  ];
  const git = userGit(world, project);
  const diff = ['diff', '--no-renames', base, head, '--', '.', ':!.start'];
  const files = await git(
    '--git-dir',
    privateDir(project),
    ...diff.toSpliced(1, 0, '--name-status'),
  );
  const notes = (log?.events ?? []).flatMap((event) =>
    event.type === 'run.noted' && event.message.startsWith('left alone') ? [event.message] : [],
  );
  const lines = files.stdout.trimEnd().split('\n');
  const changed = succeeded(files) && lines[0] !== '' ? lines.map((line) => `  ${line}`) : [];
  world.stdout.write(statusText(view, { working: null, columns: widthOf(world.stdout) ?? 100 }));
  const text = [
    '',
    `Files of this run in ${project}: ${changed.length === 0 ? 'none' : ''}`.trimEnd(),
    ...changed.map((line) => line.replace('\t', ' ')),
    ...notes,
    '',
    'Look at it with:',
    `  git ${[...repository, ...diff.slice(0, 4)].join(' ')}`,
    `  implement-factory report ${location.name} --format html`,
    '',
  ];
  world.stdout.write(text.join('\n'));
  return EXIT.completed;
}
