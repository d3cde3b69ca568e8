import { basename } from 'node:path';
import { stringify } from 'smol-toml';
import { codexCredential } from '../environment.ts';
import type { AgentRequest, AgentRole } from '../request.ts';

const OPENAI_API = 'https://api.openai.com/v1';

/** Those that work on files; the others get text in and give text out. */
export const worksOnFiles = (role: AgentRole): boolean => role === 'coder' || role === 'evaluator';

/** Nothing that reaches for other services, runs what a project brings along, or waits without end for a network. */
const NEVER = {
  apps: false,
  browser_use: false,
  computer_use: false,
  daemon_auto_start: false,
  goals: false,
  hooks: false,
  image_generation: false,
  in_app_updates: false,
  memories: false,
  plugins: false,
  remote_plugin: false,
  shell_snapshot: false,
  tool_suggest: false,
  unbounded_connection_retries: false,
};

/** Without these it has no tool left that looks at a file or starts a program; what a model calls all the same is refused. */
const TOOLS_OFF = {
  code_mode_host: false,
  shell_tool: false,
  sleep_tool: false,
  unified_exec: false,
  view_image: false,
};

/**
 * `config.toml` of a run's own HOME: all that configures it, because nobody's HOME and no project's `.codex` is read. A provider of our
 * own, so that a plain key in the environment suffices and the address can be another.
 */
export const codexConfig = (request: AgentRequest): string =>
  stringify({
    model_provider: 'factory',
    approval_policy: 'never',
    web_search: 'disabled',
    check_for_update_on_startup: false,
    // A login shell would set the PATH anew.
    allow_login_shell: false,
    ...instructions(request),
    features: worksOnFiles(request.role) ? NEVER : { ...NEVER, ...TOOLS_OFF },
    agents: { enabled: false },
    analytics: { enabled: false },
    history: { persistence: 'none' },
    skills: { include_instructions: false, bundled: { enabled: false } },
    // The key is for it alone, not for what its model runs.
    shell_environment_policy: { ignore_default_excludes: false },
    sandbox_workspace_write: {
      network_access: true,
      writable_roots: [request.home],
      exclude_slash_tmp: true,
    },
    model_providers: { factory: provider(request) },
  });

/** The project's own, which it reads from its directory by itself; nothing of them for one that must not know the project. */
function instructions({ role, instructionsFile }: AgentRequest) {
  if (role !== 'coder' || instructionsFile === undefined) return { project_doc_max_bytes: 0 };
  return { project_root_markers: [], project_doc_fallback_filenames: [basename(instructionsFile)] };
}

function provider({ environment }: AgentRequest) {
  const key = codexCredential(environment);
  return {
    name: 'OpenAI',
    base_url: environment['OPENAI_BASE_URL'] || OPENAI_API,
    wire_api: 'responses',
    ...(key !== null && { env_key: key }),
    env_http_headers: {
      'OpenAI-Organization': 'OPENAI_ORGANIZATION',
      'OpenAI-Project': 'OPENAI_PROJECT',
    },
    // Whoever runs it tries again too, and longer.
    request_max_retries: 1,
    stream_max_retries: 2,
  };
}
