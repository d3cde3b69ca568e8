import { resolve } from 'node:path';
import { parse as splitWords } from 'shell-quote';
import { AGENT_PROGRAMS, err, isAgentProgram, ok } from '../domain/index.ts';
import type { AgentProgramName, Problem, Result } from '../domain/index.ts';

/** Which program does the work of an agent. Serialisable. */
export type AgentChoice =
  | { readonly kind: AgentProgramName; readonly model: string | null }
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]] }
  /** `dir`: absolute folder of prepared files; `node`: the Node.js that plays them. */
  | { readonly kind: 'scripted'; readonly dir: string; readonly node: string };

/** What the meaning of a flag value depends on. */
export interface ChoiceContext {
  /** Directory that relative paths are meant against, absolute. */
  readonly base: string;
  /** Path of the Node.js executable (`process.execPath`). */
  readonly node: string;
}

const FORMS = [
  ...AGENT_PROGRAMS.flatMap((name) => [name, `${name}:<model>`]),
  'command:<program and arguments>',
  'scripted:<folder>',
].join(', ');

/** Reads a flag value: a program's name, with `:<model>` where it is to be another than its default, `command:<cmd>` or `scripted:<dir>`. */
export function parseAgent(
  text: string,
  { base, node }: ChoiceContext,
): Result<AgentChoice, Problem> {
  const colon = text.indexOf(':');
  const kind = colon === -1 ? text : text.slice(0, colon);
  const rest = colon === -1 ? null : text.slice(colon + 1).trim();
  if (isAgentProgram(kind)) return modelChoice(kind, rest);
  switch (kind) {
    case 'command':
      return rest ? commandChoice(rest, base) : missing('command', 'a program', 'command:my-agent');
    case 'scripted':
      return rest
        ? ok({ kind: 'scripted', dir: resolve(base, rest), node })
        : missing('scripted', 'a folder', 'scripted:./prepared');
    default:
      return err({
        where: `agent "${text}"`,
        what: 'This is no agent that is known here.',
        remedy: `Use one of: ${FORMS}.`,
      });
  }
}

/** The same agent with another model, or the agent that a model is named with: `codex:<model>`. Null: it cannot be given one. */
export function atModel(choice: AgentChoice, model: string): AgentChoice | null {
  const [, kind = '', rest] = /^([^:]*):(.*)$/s.exec(model) ?? [];
  const [wanted, name] = isAgentProgram(kind) ? [kind, rest ?? ''] : [choice.kind, model];
  if (!isAgentProgram(wanted)) return null;
  const chosen = modelChoice(wanted, name);
  return chosen.ok ? chosen.value : null;
}

/** How reports and messages name an agent; never holds arguments, which may be secrets. */
export function agentName(choice: AgentChoice): string {
  switch (choice.kind) {
    case 'command':
      return `command:${choice.command[0]}`;
    case 'scripted':
      return 'scripted';
    default:
      return choice.model === null ? choice.kind : `${choice.kind}:${choice.model}`;
  }
}

const EXAMPLES: Readonly<Record<AgentProgramName, string>> = { claude: 'opus', codex: 'gpt-5.5' };

function modelChoice(kind: AgentProgramName, model: string | null): Result<AgentChoice, Problem> {
  if (model === null) return ok({ kind, model: null });
  // A leading dash would be read as an option by the program itself.
  if (/^[\w][\w.:/@[\]-]*$/.test(model)) return ok({ kind, model });
  return err({
    where: `agent "${kind}:${model}"`,
    what: 'This is no name of a model.',
    remedy: `Name one, e.g. ${kind}:${EXAMPLES[kind]}, or leave it out: ${kind}.`,
  });
}

function commandChoice(text: string, base: string): Result<AgentChoice, Problem> {
  const words: string[] = [];
  for (const word of splitWords(text, (name) => `$${name}`)) {
    if (typeof word === 'string') words.push(fromBase(word, base));
    else if ('op' in word && word.op === 'glob') words.push(word.pattern);
    else return shellSyntax(text);
  }
  const [program, ...args] = words;
  if (program === undefined || program === '') return missing('command', 'a program', 'command:x');
  return ok({ kind: 'command', command: [program, ...args] });
}

/** The agent works in a directory of its own, so `./agent.sh` must mean the file its user saw. */
const fromBase = (word: string, base: string) =>
  word.startsWith('./') || word.startsWith('../') ? resolve(base, word) : word;

const shellSyntax = (text: string) =>
  err({
    where: `agent "command:${text}"`,
    what: 'Pipes, redirections, comments and other shell syntax are not understood here.',
    remedy: "Put the line into a script, or hand it to a shell: command:sh -c '…'.",
  });

const missing = (kind: string, what: string, example: string) =>
  err({
    where: `agent "${kind}"`,
    what: `"${kind}:" wants ${what} after the colon.`,
    remedy: `For example: ${example}.`,
  });
