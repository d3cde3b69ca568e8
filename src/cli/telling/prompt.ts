import { confirm, isCancel, select, text } from '@clack/prompts';
import type { Decision, Question } from '../../domain/index.ts';
import type { Answer, Asked } from '../ports/person.ts';
import type { World } from '../world.ts';

/** Clears the live view while a prompt is on the screen. */
type Aside = <T>(prompt: () => Promise<T>) => Promise<T>;

/** A person at this terminal. One prompt at a time: two questions on one terminal would answer each other. */
export function promptsAt(world: World, aside: Aside): Answer {
  let turn: Promise<unknown> = Promise.resolve();
  return (question, asked) => {
    const mine = turn.then(() => aside(() => prompt({ world, question, ...asked })));
    turn = mine.catch(() => undefined);
    return mine;
  };
}

type Choice = 'accept' | 'start' | 'retry' | 'recheck' | 'skip' | 'abort';

interface Prompting extends Asked {
  readonly world: World;
  readonly question: Question;
}

async function prompt(prompting: Prompting): Promise<Decision | null> {
  const { world, question, signal, scenarios } = prompting;
  const terminal = { input: world.stdin, output: world.stderr, signal };
  const chosen = await select<Choice>({
    ...terminal,
    message: `${question.subject}: ${question.detail}`,
    options: choicesFor(question).map((value) => ({ value, label: LABELS[value] })),
  });
  if (isCancel(chosen)) return null;
  switch (chosen) {
    case 'skip':
    case 'accept':
      return { kind: chosen };
    case 'abort': {
      const sure = await confirm({ ...terminal, message: 'End the whole run as failed?' });
      return sure === true ? { kind: 'abort' } : prompt(prompting);
    }
    case 'retry': {
      const guidance = await text({
        ...terminal,
        message: 'Advice for the code agent:',
        validate: notEmpty,
      });
      return isCancel(guidance) ? null : { kind: 'retry', guidance };
    }
    case 'recheck': {
      const scenario = await select({
        ...terminal,
        message: 'Which scenario?',
        options: scenarios().map((value) => ({ value, label: value })),
      });
      return isCancel(scenario) ? null : { kind: 'recheck', scenario };
    }
    case 'start':
      return startOf(terminal);
  }
}

async function startOf(
  terminal: Pick<Parameters<typeof text>[0], 'input' | 'output' | 'signal'>,
): Promise<Decision | null> {
  const command = await text({
    ...terminal,
    message: 'Start command, e.g. npm start:',
    validate: notEmpty,
  });
  if (isCancel(command)) return null;
  const port = await text({
    ...terminal,
    message: 'Port it listens on, if not on the one that PORT names:',
    validate: (value = '') =>
      value === '' || (/^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65_536)
        ? undefined
        : 'A port is 1 to 65535; leave it empty for PORT.',
  });
  if (isCancel(port)) return null;
  const insists = (port ?? '') === '' ? {} : { port: Number(port) };
  return { kind: 'start', command, ...insists };
}

const notEmpty = (value: string | undefined): string | undefined =>
  (value ?? '').trim() === '' ? 'It must not be empty.' : undefined;

const LABELS: Readonly<Record<Choice, string>> = {
  start: 'Say how it is started',
  accept: 'Accept the violation as it is',
  retry: 'Retry with guidance',
  recheck: 'Compile and evaluate a scenario anew',
  skip: 'Skip: leave the box open and go on',
  abort: 'Abort the run',
};

function choicesFor({ kind }: Question): readonly Choice[] {
  switch (kind) {
    case 'service_unknown':
    case 'service_unhealthy':
    case 'unserved':
      return ['start', 'retry', 'skip', 'abort'];
    case 'inconclusive':
      return ['recheck', 'retry', 'skip', 'abort'];
    case 'violation':
      return ['accept', 'retry', 'skip', 'abort'];
    case 'exhausted':
    case 'stalled':
    case 'gate':
    case 'conflict':
      return ['retry', 'skip', 'abort'];
  }
}
