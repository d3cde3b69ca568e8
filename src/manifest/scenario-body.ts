import type { Report } from './source.ts';

/** Parts of a scenario that begin it, and those that end it, as people write them in English. */
const BEGINS = /^[\W_]*(?:given|when|action|steps?)\b/im;
const EXPECTS =
  /\b(?:then|expect\w*|outcome|results?|should|must|shall|returns?|answers?|prints?|shows?|sees?|exits?|status)\b/i;

/** Reports a scenario that says nothing, or tells what is done and never what comes of it. A title may say all there is to say. */
export function examineBody(text: string, body: number, report: Report): void {
  const said = text
    .slice(body)
    .split(/\r\n|\n|\r/)
    .filter((line) => !/^\s*[*_]{0,2}priority\b/i.test(line))
    .join('\n');
  if (!/[\p{L}\p{N}]/u.test(said))
    report(body, { rule: 'scenario-says-nothing', message: 'There is nothing to check in it.' });
  else if (BEGINS.test(text.slice(body)) && !EXPECTS.test(text.slice(body)))
    report(body, {
      rule: 'scenario-without-expectation',
      message: 'It tells what is done, and not what is expected.',
    });
}
