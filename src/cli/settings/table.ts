import type { AgentProgramName } from '../../domain/index.ts';
import { amount, choice, list, names, needs, path, paths, text, toggle, whole } from './setting.ts';

// The list of the domain again, complete by its type: `--help` reads this table, and loading the domain would double what it takes.
const PROGRAMS = Object.keys({
  claude: true,
  codex: true,
} satisfies Record<AgentProgramName, true>);

/**
 * Every setting there is: flags, environment variables, keys of `.start/factory.yaml`, its schema, `config` and docs/configuration.md all come
 * from here. Named as commander names the flag.
 */
export const SETTINGS = {
  agent: text(
    'agent',
    {
      hint: '<agent>',
      about: `code agent: ${[...PROGRAMS, ...PROGRAMS.map((name) => `${name}:<model>`)].join(', ')}, command:<cmd>, scripted:<dir>`,
    },
    'claude',
  ),
  evaluator: text('evaluator', {
    hint: '<agent>',
    about: 'evaluation agent: check author, or live evaluator in report mode',
    otherwise: 'the code agent',
  }),
  escalateModel: text('escalate_model', {
    hint: '<model>',
    about: 'stronger model for units that keep failing',
  }),
  escalateAfter: whole(1)(
    'escalate_after',
    { about: 'how many failed iterations come before it' },
    2,
  ),
  evaluation: choice('checks', 'report')(
    'evaluation',
    {
      about:
        'how verdicts are made: compiled checks that the runtime executes, or a live evaluator',
    },
    'checks',
  ),
  barrier: choice('strict', 'auto', 'advisory')(
    'barrier',
    {
      about:
        'how agents and the product are shut in: auto is a sandbox or a refusal, strict audits every base anew and opens no package registries, advisory has no sandbox and every report says so',
    },
    'auto',
  ),
  agentPath: paths('agent_paths', {
    flag: 'agent-path',
    hint: '<path>',
    about: 'a file or folder that agents may read beside their work',
  }),
  allowHost: list('allow_hosts', {
    flag: 'allow-host',
    hint: '<host>',
    about:
      'a host that agents and installs may reach beside registries and models: host, host:port or *.domain; localhost:port is this machine',
  }),
  slots: whole(1)('slots', { about: 'agents at work at once' }, 4),
  parallelEval: toggle(
    'parallel_eval',
    {
      about:
        'whether units of a group are measured at the same time, as many as there are slots, each beyond the first on an instance of the service of its own',
    },
    false,
  ),
  git: choice('branch', 'none')('git', {
    about: 'where work lands: a run branch, or a private repository',
    otherwise: 'branch where there is a repository',
  }),
  onEscalate: choice('skip', 'abort')('on_escalate', {
    about: 'answer every question like this',
    otherwise: 'ask',
  }),
  notify: text('notify', {
    hint: '<command>',
    about:
      "shell command that is called with the event as JSON on stdin at a question, a group's end and the run's",
  }),
  service: choice('none')('service', {
    about: 'that there is none: a library or command-line program',
    otherwise: "the manifest's, else discovered",
  }),
  start: text('service.start', {
    hint: '<command>',
    about: 'how the service under test is started',
    otherwise: "the manifest's, else discovered",
  }),
  port: whole(1, 65_535)('service.port', { about: 'its port, where it ignores PORT' }),
  health: path('service.health', {
    about: 'its health path',
    otherwise: '/health and friends, /, then TCP',
  }),
  serviceTimeout: amount('seconds')('service.timeout', {
    flag: 'service-timeout',
    about: 'how long it may take to become healthy',
    otherwise: '60',
  }),
  serviceEnv: names('service.env', {
    flag: 'service-env',
    about: 'a variable of its environment',
  }),
  restartOn: list('service.restart_on', {
    hint: '<glob>',
    about: 'files whose change asks for a restart',
    otherwise: 'server-side files',
  }),
  needs: needs('service.needs', {
    about: 'a port of this machine that it needs in its sandbox',
  }),
  reset: text('service.reset', {
    hint: '<how>',
    about:
      'puts its state back before each attempt of a check: a shell command, or a request such as POST /test/reset',
  }),
  install: text('install', {
    hint: '<command>',
    about: 'how dependencies are installed',
    otherwise: 'detected from the lock file',
  }),
  verify: text('verify', {
    hint: '<command>',
    about: "the project's own tests, run in the gate",
  }),
  requireP0: toggle(
    'require_p0',
    {
      about: 'whether a failed P0 scenario sends its unit back, whatever the threshold says',
    },
    true,
  ),
  allowInstructions: toggle(
    'allow_instructions',
    { about: 'whether an agent may change files that instruct agents, as CLAUDE.md' },
    false,
  ),
  browser: text('browser', {
    hint: '<path>',
    about: 'Chromium for scenarios about pages, or none',
    otherwise: "this system's",
  }),
  attemptTimeout: amount('seconds')(
    'attempt_timeout',
    { about: 'how long one check may take' },
    30,
  ),
  agentTimeout: amount('minutes')('agent_timeout', { about: 'how long one agent may work' }, 90),
  agentIdle: amount('minutes')(
    'agent_idle',
    { about: 'how long one agent may be silent and change nothing' },
    15,
  ),
  maxTurns: whole(1)('max_turns', { about: 'turns one agent may take' }, 200),
  maxAgentCost: amount('usd')('max_agent_cost', { about: 'what one agent may cost' }, 10),
  retries: whole(0)(
    'retries',
    { about: 'how often an operation is tried again after infrastructure fails' },
    3,
  ),
  patience: whole(0)(
    'patience',
    {
      about:
        'iterations in a row that bring a unit no further (nothing changed, the same scenarios fail as before, satisfaction fell) before a person is asked; 0: max_iterations alone decides',
    },
    2,
  ),
  maxCost: amount('usd')('max_cost', { about: 'what the run may cost' }),
  maxTokens: whole(1)('max_tokens', { about: 'tokens the run may use, in and out' }),
  maxTime: amount('minutes')('max_time', { about: 'how long the run may be at work' }),
  maxUnitCost: amount('usd')('max_unit_cost', { about: 'what one unit may cost' }),
  maxUnitTokens: whole(1)('max_unit_tokens', { about: 'tokens one unit may use' }),
  maxUnitTime: amount('minutes')('max_unit_time', {
    about: "how long one unit's agents may work",
  }),
} as const;

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** What a setting may be, by its name. */
type ValueOf<K extends SettingName> = NonNullable<Table[K]['type']>;

/** What one source says: flags, environment, file or manifest. */
export type Said = { readonly [K in SettingName]?: ValueOf<K> | undefined };

/** What holds in the end. */
export type Held = { readonly [K in SettingName]: ValueOf<K> | Table[K]['fallback'] };

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Before every environment variable of ours. */
export const PREFIX = 'IMPLEMENT_FACTORY_';

/** Environment variable of a setting. */
export const variableOf = (name: SettingName): string =>
  `${PREFIX}${SETTINGS[name].flag.toUpperCase().replaceAll('-', '_')}`;
