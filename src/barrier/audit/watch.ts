import { createReadStream } from 'node:fs';
import type { Breach } from '../../domain/index.ts';
import { decodings } from './decodings.ts';
import { needlesOf, type Needles } from './needles.ts';
import { holdsSpelled } from './squeeze.ts';
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
  if (holdsSpelled(haystack, canary)) return { what: 'the planted canary' };
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
  for await (const lines of linesOf(file))
    for (const line of lines) {
      at += 1;
      const said = stringsOf(line);
      piece.push(said);
      size += said.length + 1;
      if (size < PIECE) continue;
      const found = look();
      if (found !== null) return found;
      const tail = piece.join('\n').slice(-watch.span * 2);
      [piece, size, from] = [[tail], 0, at];
    }
  return look();
}

/** Lines by the many: one at a time, a flood of short ones takes longer to hand over than to read. */
async function* linesOf(file: string): AsyncIterable<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: PIECE })) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

/** All text in a line of JSON, the names of keys aside; another line as it is. */
function stringsOf(line: string): string {
  if (!line.startsWith('{')) return line;
  if (!line.includes('"')) return '';
  try {
    const said: string[] = [];
    gather(JSON.parse(line), said);
    return said.join('\n');
  } catch {
    // Not what it looked like.
    return line;
  }
}

function gather(value: unknown, said: string[]): void {
  if (typeof value === 'string') said.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) gather(each, said);
}
