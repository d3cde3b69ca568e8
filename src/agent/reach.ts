import type { AgentChoice } from './choice.ts';
import { claudeCredential, claudeEnvironment, commandEnvironment } from './environment.ts';
import type { AgentRequest } from './request.ts';

type Source = AgentRequest['environment'];

/** What an agent must reach beyond the wall of a sandbox to work at all. Pure data. */
export interface AgentReach {
  /** An API whose credentials can stay outside, because whoever leads to it puts them in. */
  readonly api: ModelApi | null;
  /** Ports of this machine's loopback that its environment names: local gateways and models. */
  readonly local: readonly number[];
  /** Hosts of the vendors it has keys of, and those that its environment names. */
  readonly hosts: readonly string[];
}

export interface ModelApi {
  /** The variable that holds its address. */
  readonly variable: string;
  readonly address: string;
  /** Variables that hold credentials for it. */
  readonly credentials: readonly string[];
}

const ANTHROPIC = 'ANTHROPIC_BASE_URL';
const ANTHROPIC_API = 'https://api.anthropic.com';
const ANTHROPIC_CREDENTIALS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'ANTHROPIC_CUSTOM_HEADERS',
];

/** Beginning of a variable's name → the hosts it speaks of. */
const VENDORS: readonly (readonly [beginning: string, hosts: readonly string[]])[] = [
  ['CLAUDE_CODE_USE_BEDROCK', ['*.amazonaws.com', '*.api.aws']],
  ['CLAUDE_CODE_USE_VERTEX', ['*.googleapis.com', 'accounts.google.com']],
  ['CLAUDE_CODE_USE_FOUNDRY', ['*.azure.com', 'login.microsoftonline.com']],
  ['OPENAI_', ['*.openai.com', 'chatgpt.com']],
  ['CODEX_', ['*.openai.com', 'chatgpt.com']],
  ['GEMINI_', ['*.googleapis.com', 'accounts.google.com']],
  ['GOOGLE_', ['*.googleapis.com', 'accounts.google.com']],
  ['MISTRAL_', ['*.mistral.ai']],
  ['OPENROUTER_', ['openrouter.ai']],
  ['COPILOT_', ['*.githubcopilot.com', 'api.github.com']],
  ['AZURE_', ['*.azure.com', 'login.microsoftonline.com']],
  ['OPENCODE_', ['opencode.ai', 'models.dev']],
];

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** What an agent needs to reach, as far as its environment tells. */
export function reachOf(choice: AgentChoice, environment: Source): AgentReach {
  if (choice.kind === 'scripted') return { api: null, local: [], hosts: [] };
  const request = { environment, home: '' };
  const env = choice.kind === 'claude' ? claudeEnvironment(request) : commandEnvironment(request);
  const api = anthropicIn(env);
  const addresses = Object.entries(env)
    .filter(([name]) => !/_proxy$/i.test(name) && name !== api?.variable)
    .flatMap(([, value]) => addressIn(value));
  const named = addresses.filter((url) => !isLoopback(url));
  return {
    api,
    local: addresses.filter(isLoopback).map(portOf),
    hosts: [
      ...new Set([...vendorsOf(env), ...named.map((url) => `${url.hostname}:${portOf(url)}`)]),
    ],
  };
}

/** Anthropic's API, or what stands in for it; null where another provider does, or nobody has a credential. */
function anthropicIn(env: Readonly<Record<string, string>>): ModelApi | null {
  const credentials = ANTHROPIC_CREDENTIALS.filter((name) => Boolean(env[name]));
  const address = env[ANTHROPIC] ?? '';
  const provider = claudeCredential(env)?.startsWith('CLAUDE_CODE_USE_') === true;
  if (provider || (credentials.length === 0 && address === '')) return null;
  if (address === '') return { variable: ANTHROPIC, address: ANTHROPIC_API, credentials };
  return addressIn(address).length === 0 ? null : { variable: ANTHROPIC, address, credentials };
}

const vendorsOf = (env: Readonly<Record<string, string>>): readonly string[] =>
  VENDORS.flatMap(([beginning, hosts]) =>
    Object.entries(env).some(([name, value]) => value !== '' && name.startsWith(beginning))
      ? hosts
      : [],
  );

function addressIn(value: string): readonly URL[] {
  if (!/^https?:\/\//i.test(value)) return [];
  return URL.canParse(value) ? [new URL(value)] : [];
}

/** The port of an address, the one that its protocol means where it names none. */
export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/** Whether an address leads to this machine itself. */
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);
