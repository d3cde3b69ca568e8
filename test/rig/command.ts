import { quote } from 'shell-quote';

/** A program of ours as an agent: a file that Node.js runs, with arguments. Paths may hold spaces. */
export const nodeAgent = (...words: readonly string[]): string =>
  `command:${quote([process.execPath, ...words])}`;
