import type { AgentReport } from '../domain/index.ts';
import { count } from './words.ts';

/** How often a check author was asked, and where it can be read: `asked its author 3 times; the last transcript: …`. */
export const askedOf = ({ calls = 1, transcript }: AgentReport): string =>
  `asked its author ${count(calls, 'time')}; ${calls === 1 ? 'transcript' : 'the last transcript'}: ${transcript}`;
