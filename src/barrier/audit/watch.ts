import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Breach } from '../../domain/index.ts';
import { decodings } from './decodings.ts';
import { needlesOf, type Needles } from './needles.ts';
import { holdsWhole, normalised, type HoldoutText, type Needle } from './texts.ts';

/** Recognises what must not be there: the canary, and whole holdouts however they are dressed up. */
export interface Watch {
  /** What a text gives away; null for nothing. */
  readonly look: (text: string) => Pick<Breach, 'what'> | null;
  /** How long a stretch of text must be to hold any of it. */
  readonly span: number;
}

/**
 * `own`: what the author of the texts was told; a holdout that is in it is no secret to them. The same list of holdouts is made ready
 * only once.
 */
export function watchFor(of: {
  readonly canary: string;
  readonly holdouts: readonly HoldoutText[];
  readonly own: string;
}): Watch {
  const told = normalised(of.own);
  const needles = needlesOf(of.holdouts);
  const isSecret = (needle: Needle) => !holdsWhole(told, needle);
  const look = (text: string) => {
    for (const form of [text, ...decodings(text)]) {
      const found = lookAt(normalised(form), { canary: of.canary, needles, isSecret });
      if (found !== null) return found;
    }
    return null;
  };
  return { look, span: Math.max(1000, needles.span) };
}

interface Wanted {
  readonly canary: string;
  readonly needles: Needles;
  readonly isSecret: (needle: Needle) => boolean;
}

function lookAt(
  haystack: string,
  { canary, needles, isSecret }: Wanted,
): Pick<Breach, 'what'> | null {
  if (haystack.replaceAll(' ', '').includes(canary)) return { what: 'the planted canary' };
  const whole = needles.find(haystack, isSecret);
  return whole === undefined ? null : { what: `the whole of ${whole.path}` };
}

/** Text that is looked at in one piece; with what comes before it, so that nothing is cut in two. */
const PIECE = 1024 * 1024;

/** Looks through a transcript: what an agent said, the calls of its tools and what they answered. */
export async function lookThrough(file: string, watch: Watch): Promise<Breach | null> {
  let [piece, size, from, at] = [[] as string[], 0, 1, 0];
  const look = () => {
    const found = watch.look(piece.join('\n'));
    return found === null ? null : { ...found, where: `lines ${from} to ${at}` };
  };
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    at += 1;
    const said = stringsOf(line);
    piece.push(said);
    size += said.length;
    if (size < PIECE) continue;
    const found = look();
    if (found !== null) return found;
    const tail = piece.join('\n').slice(-watch.span * 2);
    [piece, size, from] = [[tail], 0, at];
  }
  return look();
}

/** All text in a line of JSON, the names of keys aside; another line as it is. */
function stringsOf(line: string): string {
  if (!line.startsWith('{')) return line;
  const said: string[] = [];
  try {
    JSON.parse(line, (_, value: unknown) => {
      if (typeof value === 'string') said.push(value);
      return value;
    });
  } catch {
    // Not what it looked like.
    return line;
  }
  return said.join('\n');
}
