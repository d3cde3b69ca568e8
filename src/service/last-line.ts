import { stripVTControlCharacters } from 'node:util';

const LONGEST = 200;
/** Lines that runtimes and package managers print after the one that tells. */
const NOISE =
  /^(?:Node\.js v\d|npm (?:err|error|warn|notice)\b|\s*at\s|\s*\^+\s*$|\s*[{}[\]()]+,?\s*$|\s*(?:code|errno|syscall|address|port|requireStack):?\s)/i;
const TELLING =
  /\berror\b|exception|cannot|can't|denied|refused|in use|not found|no such|failed|missing|undefined/i;

/** The line of stderr that tells a person most, plain and at most 200 characters; empty when there is none. */
export function lastLine(stderr: string): string {
  const lines = stripVTControlCharacters(stderr)
    .split('\n')
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trimEnd())
    .filter((line) => line.trim() !== '');
  const plain = lines.filter((line) => !NOISE.test(line));
  const line = plain.findLast((one) => TELLING.test(one)) ?? plain.at(-1) ?? lines.at(-1) ?? '';
  return line.trim().slice(0, LONGEST);
}

/** Whether a program says that its port is taken. */
export const saysPortTaken = (stderr: string): boolean =>
  /EADDRINUSE|address already in use|port \d+ is (?:already )?(?:in use|taken|used)/i.test(stderr);
