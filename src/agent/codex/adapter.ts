import type { Adapter } from '../adapter.ts';
import { finishCodex } from './finish.ts';
import { parseCodex } from './parse.ts';
import { planCodex } from './plan.ts';

/** Codex, headless (`codex exec`). `model` null: the one that this version of it defaults to. */
export const codexAdapter = (model: string | null): Adapter => ({
  plan: (request) => planCodex(request, model),
  parse: parseCodex,
  finish: finishCodex,
});
