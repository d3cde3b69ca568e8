import type { AgentProgramName } from '../domain/index.ts';
import type { Adapter } from './adapter.ts';
import type { AgentChoice } from './choice.ts';
import { claudeAdapter } from './claude/adapter.ts';
import { codexAdapter } from './codex/adapter.ts';
import { commandAdapter } from './command.ts';
import { scriptedAdapter } from './scripted/adapter.ts';

const ADAPTERS: Readonly<Record<AgentProgramName, (model: string | null) => Adapter>> = {
  claude: claudeAdapter,
  codex: codexAdapter,
};

/** The adapter of a choice. */
export function adapterFor(choice: AgentChoice): Adapter {
  switch (choice.kind) {
    case 'command':
      return commandAdapter(choice.command);
    case 'scripted':
      return scriptedAdapter(choice.dir, choice.node);
    default:
      return ADAPTERS[choice.kind](choice.model);
  }
}
