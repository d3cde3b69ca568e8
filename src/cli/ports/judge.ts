import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgent } from '../../agent/index.ts';
import { briefEvaluator } from '../../barrier/index.ts';
import { ok, type Spec } from '../../domain/index.ts';
import type { Judge } from '../../evaluation/index.ts';
import type { Authoring } from './author.ts';
import { infra } from './infra.ts';

export interface Judging extends Authoring {
  readonly spec: Spec;
  /** Stable address of the product. */
  readonly url: string;
}

/** The live evaluator of `report` mode: an agent in an empty folder, with the product's address and nothing of its source. */
export function judgeFor(of: Judging): Judge {
  return async ({ unit, scenarios, stubs }, signal) => {
    const { manifest } = of.spec;
    const briefing = await briefEvaluator({
      templates: of.templates,
      unitTitle: manifest.units.find(({ id }) => id === unit)?.title ?? '',
      scenarios,
      stubs,
      url: of.url,
    });
    if (!briefing.ok) return infra(briefing.error);
    const stamp = of.world.now().getTime();
    const place = join(of.scratch, 'evaluators', `${unit}-${stamp}`);
    const cwd = join(place, 'empty');
    await mkdir(cwd, { recursive: true });
    const ran = await runAgent(
      of.agent,
      {
        role: 'evaluator',
        briefing: briefing.value,
        unit,
        iteration: 1,
        cwd,
        home: join(place, 'home'),
        transcriptFile: join(of.runDir, 'transcripts', unit, `evaluation-${stamp}.ndjson`),
        runDir: of.runDir,
        caps: of.caps,
        environment: of.world.env,
        sandbox: of.sandbox,
        marker: of.marker,
      },
      signal,
    );
    await rm(place, { recursive: true, force: true });
    return ran.ok ? ok({ text: ran.value.text ?? '', report: ran.value.report }) : ran;
  };
}
