import type { AgentProgramName } from '../domain/index.ts';
import type { AgentChoice } from './choice.ts';
import {
  claudeCredential,
  claudeEnvironment,
  codexEnvironment,
  commandEnvironment,
} from './environment.ts';
import type { AgentRequest } from './request.ts';

type Source = AgentRequest['environment'];
type Environment = Readonly<Record<string, string>>;

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

/** An API that a program finds by the address in its environment, wherever that leads. */
interface Known {
  readonly variable: string;
  readonly usual: string;
  readonly credentials: readonly string[];
}

const ANTHROPIC: Known = {
  variable: 'ANTHROPIC_BASE_URL',
  usual: 'https://api.anthropic.com',
  credentials: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'ANTHROPIC_CUSTOM_HEADERS',
  ],
};
const OPENAI: Known = {
  variable: 'OPENAI_BASE_URL',
  usual: 'https://api.openai.com/v1',
  credentials: ['CODEX_API_KEY', 'OPENAI_API_KEY'],
};

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
  const { environmentOf, apiOf } = WAYS[choice.kind];
  const env = environmentOf(request);
  const api = apiOf(env);
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

/** Null where a cloud provider stands in for it, whose addresses and credentials are others. */
const anthropicIn = (env: Environment): ModelApi | null =>
  claudeCredential(env)?.startsWith('CLAUDE_CODE_USE_') === true ? null : apiIn(env, ANTHROPIC);

/** Null where nobody has a credential for it, nor an address. */
function apiIn(env: Environment, { variable, usual, credentials }: Known): ModelApi | null {
  const held = credentials.filter((name) => Boolean(env[name]));
  const address = env[variable] ?? '';
  if (address === '')
    return held.length === 0 ? null : { variable, address: usual, credentials: held };
  return addressIn(address).length === 0 ? null : { variable, address, credentials: held };
}

/** What a program is given, and the API among that whose credentials can stay outside. */
interface Way {
  readonly environmentOf: (request: Pick<AgentRequest, 'environment' | 'home'>) => Environment;
  readonly apiOf: (env: Environment) => ModelApi | null;
}

const WAYS: Readonly<Record<AgentProgramName | 'command', Way>> = {
  claude: { environmentOf: claudeEnvironment, apiOf: anthropicIn },
  codex: { environmentOf: codexEnvironment, apiOf: (env) => apiIn(env, OPENAI) },
  // What a program of any kind does with another vendor's address nobody knows: its key goes in, and its hosts are open.
  command: { environmentOf: commandEnvironment, apiOf: anthropicIn },
};

const vendorsOf = (env: Environment): readonly string[] =>
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
const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/** Whether an address leads to this machine itself. */
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);
