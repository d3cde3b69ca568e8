import type { Adapter } from './adapter.ts';
import type { AgentChoice } from './choice.ts';
import { claudeAdapter } from './claude/adapter.ts';
import { codexAdapter } from './codex/adapter.ts';
import { commandAdapter } from './command.ts';
import { scriptedAdapter } from './scripted/adapter.ts';

/** The adapter of a choice. */
export function adapterFor(choice: AgentChoice): Adapter {
  switch (choice.kind) {
    case 'claude':
      return claudeAdapter(choice.model);
    case 'codex':
      return codexAdapter(choice.model);
    case 'command':
      return commandAdapter(choice.command);
    case 'scripted':
      return scriptedAdapter(choice.dir, choice.node);
  }
}
