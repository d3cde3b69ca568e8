import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgent, type AgentChoice, type Caps } from '../../agent/index.ts';
import { briefAuthor } from '../../barrier/index.ts';
import { ok, type UnitId } from '../../domain/index.ts';
import { authorAnswerSchema, type Author } from '../../evaluation/index.ts';
import type { Sandbox } from '../../process/index.ts';
import type { World } from '../world.ts';
import { infra } from './infra.ts';

export interface Authoring {
  readonly world: World;
  readonly agent: AgentChoice;
  readonly caps: Caps;
  readonly templates: string;
  /** Empty folders for agents that must not find anything are made in it. */
  readonly scratch: string;
  readonly runDir: string;
  readonly sandbox: Sandbox;
  readonly marker: string;
}

/** The check author of a unit: text in, checks out, in an empty folder. */
export function authorOf(of: Authoring, unit: UnitId): Author {
  let calls = 0;
  return async (input, signal) => {
    const { repair, ...rest } = input;
    const briefing = await briefAuthor({
      templates: of.templates,
      ...rest,
      ...(repair === undefined ? {} : { repair }),
    });
    if (!briefing.ok) return infra(briefing.error);
    calls += 1;
    const stamp = of.world.now().getTime();
    const place = join(of.scratch, 'authors', `${unit}-${stamp}-${calls}`);
    const cwd = join(place, 'empty');
    await mkdir(cwd, { recursive: true });
    const ran = await runAgent(
      of.agent,
      {
        role: 'author',
        briefing: briefing.value,
        unit,
        iteration: calls,
        cwd,
        home: join(place, 'home'),
        transcriptFile: join(of.runDir, 'transcripts', unit, `checks-${stamp}-${calls}.ndjson`),
        runDir: of.runDir,
        schema: authorAnswerSchema,
        caps: of.caps,
        environment: of.world.env,
        sandbox: of.sandbox,
        marker: of.marker,
      },
      signal,
    );
    await rm(place, { recursive: true, force: true });
    if (ran.ok) return ok({ output: ran.value.output, report: ran.value.report });
    // An answer of another shape is the author's to repair, not a failure of the machine.
    const { agent, answer } = ran.error;
    return agent?.outcome === 'bad_schema' ? ok({ output: answer ?? null, report: agent }) : ran;
  };
}
