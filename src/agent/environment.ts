import { BASE_ENVIRONMENT, environment } from '../process/index.ts';
import type { AgentRequest } from './request.ts';

type Source = AgentRequest['environment'];

/**
 * Anthropic's credentials and addresses, and what a person sets to tune the connection. Everything else that Claude Code
 * reads (`CLAUDECODE`, `CLAUDE_CODE_*`, `CLAUDE_CONFIG_DIR`) stays behind: a `claude` started inside Claude Code can hang on it.
 */
const ANTHROPIC = [
  'ANTHROPIC_*',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_MAX_RETRIES',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'API_TIMEOUT_MS',
];

/** OpenAI's key and address. Its login (`CODEX_HOME`, `auth.json`) stays behind: a refresh token used twice is one lost. */
const CODEX_KEYS = ['CODEX_API_KEY', 'OPENAI_API_KEY'] as const;
const OPENAI = [
  ...CODEX_KEYS,
  'OPENAI_BASE_URL',
  'OPENAI_ORGANIZATION',
  'OPENAI_PROJECT',
  'CODEX_CA_CERTIFICATE',
];

/** Provider switch → what that provider's credentials are called. */
const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  CLAUDE_CODE_USE_BEDROCK: ['AWS_*', 'CLAUDE_CODE_SKIP_BEDROCK_AUTH'],
  CLAUDE_CODE_USE_VERTEX: [
    'GOOGLE_*',
    'GCLOUD_PROJECT',
    'CLOUD_ML_REGION',
    'VERTEX_REGION_*',
    'CLAUDE_CODE_SKIP_VERTEX_AUTH',
  ],
  CLAUDE_CODE_USE_FOUNDRY: ['AZURE_*', 'CLAUDE_CODE_SKIP_FOUNDRY_AUTH'],
};

/** Keys of other model vendors, for programs that are not ours to know. */
const OTHER_VENDORS = [
  'OPENAI_*',
  'CODEX_*',
  'GEMINI_*',
  'GOOGLE_*',
  'OPENCODE_*',
  'COPILOT_*',
  'MISTRAL_*',
  'OPENROUTER_*',
  'AZURE_*',
];

const switchedOn = (source: Source, name: string) => {
  const value = source[name]?.toLowerCase();
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value);
};

const providers = (source: Source) =>
  Object.entries(PROVIDERS).filter(([name]) => switchedOn(source, name));

/** Which credential of the environment `claude` would use; null when there is none that works with an empty HOME. */
export function claudeCredential(source: Source): string | null {
  const names = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];
  const [provider] = providers(source).map(([name]) => name);
  return provider ?? names.find((name) => Boolean(source[name])) ?? null;
}

/** The environment of `claude`: base, its credentials, those of a provider that is switched on, and `own`. */
export const claudeEnvironment = (
  request: Pick<AgentRequest, 'environment' | 'home'>,
  own: Readonly<Record<string, string>> = {},
) =>
  environment(
    request.environment,
    [
      ...BASE_ENVIRONMENT,
      ...ANTHROPIC,
      ...providers(request.environment).flatMap(([name, credentials]) => [name, ...credentials]),
    ],
    { HOME: request.home, ...own },
  );

/** Which key of the environment `codex` would use; null when there is none. */
export const codexCredential = (source: Source): string | null =>
  CODEX_KEYS.find((name) => Boolean(source[name])) ?? null;

/** The environment of `codex`: base, OpenAI's, and `own`. */
export const codexEnvironment = (
  request: Pick<AgentRequest, 'environment' | 'home'>,
  own: Readonly<Record<string, string>> = {},
) =>
  environment(request.environment, [...BASE_ENVIRONMENT, ...OPENAI], {
    HOME: request.home,
    ...own,
  });

/** The environment of a program that may be any agent: as `claude`, and the keys of other vendors. */
export const commandEnvironment = (request: Pick<AgentRequest, 'environment' | 'home'>) => ({
  ...environment(request.environment, OTHER_VENDORS),
  ...claudeEnvironment(request),
});

/** The environment of a program that needs no credential. */
export const plainEnvironment = (request: Pick<AgentRequest, 'environment' | 'home'>) =>
  environment(request.environment, BASE_ENVIRONMENT, { HOME: request.home });
