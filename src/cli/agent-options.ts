import type { Command } from 'commander';
import { whole, words } from './values.ts';

/** Who does the work of a run. */
export const withAgents = (command: Command): Command =>
  command
    .option(
      '--agent <agent>',
      'code agent: claude, codex, claude:<model>, codex:<model>, command:<cmd>, scripted:<dir>',
    )
    .option('--evaluator <agent>', 'evaluation agent; the code agent when left out')
    .option('--escalate-model <model>', 'stronger model for units that keep failing', words)
    .option('--escalate-after <n>', 'how many failed iterations come before it', whole(1));
