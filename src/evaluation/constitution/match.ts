import picomatch from 'picomatch';
import { RE2JS } from 're2js';
import type { Rule } from '../../domain/index.ts';

/** More matches of one rule in one file say nothing new. */
const MOST = 50;

/** Whether a rule is for a file; `path` is relative to the project, with `/`. */
export function applierOf({ scope, exclude }: Rule): (path: string) => boolean {
  const options = { dot: true };
  const within = picomatch([...scope], options);
  const without = exclude.length === 0 ? () => false : picomatch([...exclude], options);
  return (path) => within(path) && !without(path);
}

/** Lines (1-based, ascending, each once) at which a pattern begins to match. Linear in the length of the text, whatever the pattern. */
export function linesMatching(pattern: string, text: string): readonly number[] {
  const matcher = RE2JS.compile(pattern, RE2JS.MULTILINE).matcher(text);
  const lines: number[] = [];
  let [line, at] = [1, 0];
  while (lines.length < MOST && matcher.find()) {
    const start = matcher.start();
    for (; at < start; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    if (lines.at(-1) !== line) lines.push(line);
  }
  return lines;
}
