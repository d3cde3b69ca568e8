import { briefEvaluator } from '../../barrier/index.ts';
import { ok, type Spec } from '../../domain/index.ts';
import type { Judge, RecordingProxy } from '../../evaluation/index.ts';
import type { Route } from '../../process/index.ts';
import { runBareAgent, type EvaluationAgent } from './bare-agent.ts';
import { infra } from './infra.ts';

export interface Judging extends EvaluationAgent {
  readonly spec: Spec;
}

/** The live evaluator of `report` mode: it has the product's address and nothing of its source. */
export function judgeFor(of: Judging): Judge {
  return async ({ unit, scenarios, stubs, proxy }, signal) => {
    const { units } = of.spec.manifest;
    const briefing = await briefEvaluator({
      templates: of.templates,
      unitTitle: units.find(({ id }) => id === unit)?.title ?? '',
      scenarios,
      stubs,
      url: proxy.url,
    });
    if (!briefing.ok) return infra(briefing.error);
    const ran = await runBareAgent(
      of,
      {
        role: 'evaluator',
        briefing: briefing.value,
        unit,
        name: 'evaluation',
        routes: wayTo(proxy),
      },
      signal,
    );
    return ran.ok ? ok({ text: ran.value.text ?? '', report: ran.value.report }) : ran;
  };
}

/** The product has the same address in a network of the evaluator's own. */
const wayTo = ({ port, socket }: RecordingProxy): readonly Route[] =>
  socket === null ? [] : [{ direction: 'out', port, socket }];
