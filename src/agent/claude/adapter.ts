import type { Adapter } from '../adapter.ts';
import { finishClaude } from './finish.ts';
import { parseClaude } from './parse.ts';
import { planClaude } from './plan.ts';

/** Claude Code, headless. `model` null: the one the account defaults to. */
export const claudeAdapter = (model: string | null): Adapter => ({
  plan: (request) => planClaude(request, model),
  parse: parseClaude,
  finish: finishClaude,
});
