import { briefAuthor } from '../../barrier/index.ts';
import { ok, type UnitId } from '../../domain/index.ts';
import { authorAnswerSchema, type Author } from '../../evaluation/index.ts';
import { runBareAgent, type EvaluationAgent } from './bare-agent.ts';
import { infra } from './infra.ts';

/** A cap of nothing would be none. */
const LEAST_USD = 0.01;

/** A check author of a unit: text in, checks out. Every call is a session of its own, which knows of no other. */
export function authorOf(
  of: EvaluationAgent,
  { unit, opinion }: { readonly unit: UnitId; readonly opinion: 'first' | 'second' },
): Author {
  let calls = 0;
  // All its calls together are one agent to whoever pays.
  let left = of.caps.costUsd;
  return async ({ repair, ...input }, signal) => {
    const briefing = await briefAuthor({
      templates: of.templates,
      ...input,
      ...(repair === undefined ? {} : { repair }),
    });
    if (!briefing.ok) return infra(briefing.error);
    calls += 1;
    const ran = await runBareAgent(
      { ...of, caps: { ...of.caps, costUsd: left } },
      {
        role: 'author',
        briefing: briefing.value,
        unit,
        schema: authorAnswerSchema,
        name: `${opinion === 'first' ? 'checks' : 'opinion'}-${calls}`,
        call: opinion === 'first' ? 1 : 2,
      },
      signal,
    );
    const report = ran.ok ? ran.value.report : ran.error.agent;
    if (left !== null) left = Math.max(LEAST_USD, left - (report?.usage.costUsd ?? 0));
    if (ran.ok) return ok({ output: ran.value.output, report: ran.value.report });
    // An answer of another shape is the author's to repair, not a failure of the machine.
    const { agent, answer } = ran.error;
    return agent?.outcome === 'bad_schema' ? ok({ output: answer ?? null, report: agent }) : ran;
  };
}
