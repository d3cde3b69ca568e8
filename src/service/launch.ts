import type { ServiceSetting, StartDecision } from '../domain/index.ts';
import { discover } from './discover.ts';
import { treeIn } from './tree.ts';

/** How the service is started, complete. */
export interface Launch {
  /** Shell command. */
  readonly command: string;
  /** Port it listens on when it ignores `PORT`. */
  readonly port: number | null;
  readonly health: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** Time until healthy, ms. */
  readonly budgetMs: number;
  /** `declared`, or the file it was discovered in. */
  readonly source: string;
}

/** Decision, else declaration, else what the tree in `dir` tells; null when nobody knows. */
export function findLaunch(
  { setting, budgetMs }: { readonly setting: ServiceSetting; readonly budgetMs: number },
  decision: StartDecision | null,
  dir: string,
): Launch | null {
  const declared = setting.kind === 'declared' ? setting.service : null;
  const common = {
    health: declared?.health ?? null,
    env: declared?.env ?? {},
    budgetMs: declared?.timeout === undefined ? budgetMs : declared.timeout * 1000,
  };
  if (decision !== null) {
    return {
      ...common,
      command: decision.command,
      port: decision.port ?? null,
      source: 'declared',
    };
  }
  if (declared !== null) {
    return { ...common, command: declared.start, port: declared.port ?? null, source: 'declared' };
  }
  const found = setting.kind === 'none' ? null : discover(treeIn(dir));
  return found === null ? null : { ...common, ...found };
}

const BUILTINS =
  /^(?:cd|export|set|unset|source|\.|exec|eval|if|for|while|case|until|ulimit|umask|trap|:|!|\{)(?:\s|$)/;

/**
 * The argv that runs a shell command. A simple one replaces its shell, so that its own exit and signals are seen; `exec` before a
 * list, an assignment or a builtin would break it.
 */
export function shellCommand(command: string): readonly [string, ...string[]] {
  const text = command.trim();
  const simple = !/[&|;<>()`\n{}!]/.test(text) && !/^\S*=/.test(text) && !BUILTINS.test(text);
  return ['sh', '-c', simple ? `exec ${text}` : text];
}
