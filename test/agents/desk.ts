import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runAgent } from '../../src/agent/index.ts';
import type { AgentChoice, AgentRequest } from '../../src/agent/index.ts';
import type { Script, ToolCall, Turn } from '../rig/model-server.ts';
import { CHECKS_SCHEMA } from '../agent/desk.ts';

/** What turns a coder into a check author. */
export const AUTHOR = { role: 'author', schema: CHECKS_SCHEMA } as const;

/** A model that answers with these turns, one after the other, then says that it is done. */
export const turns =
  (...list: readonly Turn[]): Script =>
  ({ turn }) =>
    list[turn] ?? { say: 'done' };

export const use = (...calls: readonly ToolCall[]): Turn => ({ use: calls });

/** A model on loopback. */
interface Server<Request> extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Request[];
}

interface Furnishing<Request> {
  readonly choice: AgentChoice;
  readonly server: Server<Request>;
  /** An environment in which the program is found in `bin` and its model is the server. */
  readonly environment: (bin: string) => AgentRequest['environment'];
  readonly caps: AgentRequest['caps'];
}

/** A real CLI in a temporary project, its model on loopback; gone when the test ends. */
export async function deskOf<Request>({
  choice,
  server,
  environment: environmentIn,
  caps,
}: Furnishing<Request>) {
  onTestFinished(() => server[Symbol.asyncDispose]());
  const dir = await mkdtemp(join(tmpdir(), `real ${choice.kind} é-`));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const at = (name: string) => join(dir, name);
  for (const name of ['bin', 'project/work']) await mkdir(at(name), { recursive: true });
  const environment = environmentIn(at('bin'));
  const request: AgentRequest = {
    role: 'coder',
    briefing: { prompt: 'PROMPT-TEXT' } as unknown as AgentRequest['briefing'],
    unit: 'UNIT-ID',
    iteration: 1,
    cwd: at('project/work'),
    home: at('home'),
    transcriptFile: at('run/transcript.ndjson'),
    runDir: at('run'),
    caps,
    environment,
    sandbox: { kind: 'none' },
    view: { write: [at('project/work'), at('home')] },
  };
  return {
    at,
    environment,
    sent: () => server.requests,
    put: async (name: string, content: string) => {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
    },
    run: (more: Partial<AgentRequest> = {}, signal = new AbortController().signal) =>
      runAgent(choice, { ...request, ...more }, signal),
  };
}
