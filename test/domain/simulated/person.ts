import { admits, type Question, type RunFact } from '../../../src/domain/index.ts';
import { checkOf, type World } from './world.ts';

type Decision = Extract<RunFact, { type: 'decision.made' }>['decision'];

/** What a person says to a question; null is nothing yet. */
export function answerTo({ subject }: Question, { state, die }: World): RunFact | null {
  const made = (decision: Decision, about = subject): RunFact => ({
    type: 'decision.made',
    subject: about,
    decision,
    by: 'policy',
  });
  if (admits(state, subject, { kind: 'accept' }).ok && die.roll(2) === 1)
    return made({ kind: 'accept' });
  const freeze = { kind: 'freeze', check: { ...checkOf('s0', 'own'), revised: 'why' } } as const;
  if (die.roll(7) === 6 && admits(state, subject, freeze).ok) return made(freeze);
  switch (die.roll(6)) {
    case 0:
      return made({ kind: 'skip' });
    case 1:
      return made({ kind: 'retry', guidance: 'look again' });
    case 2: {
      const recheck = { kind: 'recheck', scenario: 's0' } as const;
      return made(admits(state, subject, recheck).ok ? recheck : { kind: 'skip' });
    }
    case 3:
      return made({ kind: 'abort' });
    case 4: {
      // One answer for every unit whose product could not be served.
      const start = { kind: 'start', command: 'x' } as const;
      return admits(state, 'service', start).ok ? made(start, 'service') : null;
    }
    default:
      return null;
  }
}
