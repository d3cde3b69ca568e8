import { z } from 'zod';
import { Receipt } from '../domain/index.ts';
import { count, oneLine, short } from './words.ts';

/** JSON Schema of `receipt.json`, published in docs/receipt.schema.json. Input form, as for events: readers let new fields pass. */
export const receiptSchema = (): unknown => z.toJSONSchema(Receipt, { io: 'input' });

interface Compared {
  readonly differences: readonly {
    readonly part: string;
    readonly kept: unknown;
    readonly now: unknown;
  }[];
  /** The receipt that the run left. */
  readonly file: string;
}

/** A receipt made again, for a person: what holds, what was only seen, what speaks against it. */
export function auditText(receipt: Receipt, { differences, file }: Compared): string {
  const { objections } = receipt;
  return [
    `${receipt.spec}, run ${receipt.run}: ${receipt.outcome}`,
    '',
    ...proven(receipt),
    ...seen(receipt),
    '',
    ...(objections.length === 0
      ? ['Nothing speaks against it.']
      : [
          'What speaks against it:',
          ...objections.map(({ what, where }) => `- ${oneLine(what)} (${oneLine(where)})`),
        ]),
    ...(differences.length === 0
      ? [`${file} says the same.`]
      : [
          `${file} says something else:`,
          ...differences.map(
            ({ part, kept, now }) => `- ${part}: ${brief(kept)}, but now ${brief(now)}`,
          ),
        ]),
    '',
  ].join('\n');
}

function proven({ audits, inputs, landed, others, feedback }: Receipt): readonly string[] {
  const bases = new Set(audits.map(({ base }) => base)).size;
  const holdouts = Math.max(0, ...audits.map((audit) => audit.holdouts));
  const touched = landed.filter(({ hidden }) => hidden === null || hidden.length > 0).length;
  return [
    'Made again from journal and repository:',
    `- ${count(bases, 'base')} of agents' work, each clean of ${count(holdouts, 'holdout file')} of the whole history`,
    `- ${count(landed.length, 'landing')}, ${touched === 0 ? 'none' : String(touched)} of which changes a spec directory`,
    ...(others === null || others.length === 0
      ? []
      : [
          `- ${count(others.length, 'commit')} of others on the run branch: ${others.map(short).join(', ')}`,
        ]),
    `- ${count(Object.keys(inputs).length, 'input file')} as the run began with`,
    ...feedback.map(
      ({ unit, lines, bits, guided }) =>
        `- ${unit} was told ${count(lines, 'line')}, at most ${count(bits, 'bit')}${guided === 0 ? '' : `, and a person's advice ${count(guided, 'time')}`}`,
    ),
  ];
}

function seen({ barrier: { tier }, audits, findings }: Receipt): readonly string[] {
  const hunts = audits.flatMap(({ hunt }) => hunt ?? []);
  const sightings = hunts.flatMap(({ found }) => found).length;
  return [
    'Seen while it ran, taken from the journal:',
    `- the barrier was ${tier === 'bwrap' ? 'the sandbox' : tier}; ${count(hunts.length, 'hunt')} found ${sightings === 0 ? 'nothing' : count(sightings, 'thing')}`,
    ...findings.map(
      ({ unit, where, holdout, shared, of }) =>
        `- ${oneLine(where)} of ${unit} has ${String(shared)} of ${String(of)} word sequences of ${oneLine(holdout)}`,
    ),
  ];
}

const LONGEST = 80;

function brief(value: unknown): string {
  const text = oneLine(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
