import { posix } from 'node:path';
import type { Inside } from './look-inside.ts';
import { mint } from '../feedback/symptom.ts';
import type { Symptom } from '../feedback/symptom.ts';
import type { Change } from '../store.ts';

export interface Policy {
  /** Folders nobody may see or touch, relative to the project. */
  readonly hidden: Iterable<string>;
  readonly unit: string;
  /** The unit spec: a file that it names itself may be called like the unit. */
  readonly unitText: string;
  /** Paths of agent-instruction files (or folders, ending in `/`) that may change. */
  readonly allowInstructions: readonly string[];
  /** Files in which conflict markers were left. */
  readonly unresolved: readonly string[];
  readonly inside: Inside;
}

/** Where agents and editors look for instructions or settings that run code: whoever plants one there steers the next agent. */
const INSTRUCTIONS =
  /(^|\/)(claude(\.local)?\.md|agents?(\.override)?\.md|gemini\.md|\.(claude|codex|gemini|cursor|windsurf|clinerules|roo|continue|junie|kiro)(\/|$)|\.cursorrules|\.windsurfrules|\.clinerules|\.mcp\.json|\.aider[^/]*|\.github\/(copilot-instructions\.md|instructions\/|prompts\/|chatmodes\/))/iu;

/** More lines than this say nothing new. */
const MOST = 10;

/** What the landing policy has against these changes: one line each, telling the agent what to undo. Empty: nothing. */
export function violations(changes: readonly Change[], policy: Policy): Symptom[] {
  const lines = changes.flatMap((change) => {
    const why = violation(change, policy);
    return why === null ? [] : [mint(`${short(change.path)}: ${why}`)];
  });
  return [...new Set(lines)].slice(0, MOST);
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u;

function violation(change: Change, policy: Policy): string | null {
  const { path, mode } = change;
  const folded = path.normalize('NFKC').toLowerCase();
  if (UNPRINTABLE.test(path)) return 'the name holds control or invalid characters, rename it';
  if (isUnder(folded, '.start')) return 'files under .start are not yours, undo this change';
  if (isUnder(folded, '.factory')) return 'files under .factory are not yours, undo this change';
  for (const folder of policy.hidden) {
    if (isUnder(folded, folder.normalize('NFKC').toLowerCase())) {
      return 'this folder is not yours, undo this change';
    }
  }
  if (policy.unresolved.includes(path)) return 'conflict markers are left in it, resolve them';
  if (folded === 'constitution.md') return 'the law of the project is not yours, undo this change';
  if (mode === '160000') return 'is a git repository of its own, remove its .git folder';
  if (policy.inside.conversions.has(path)) {
    return 'filters and encodings of files may not change, undo this change';
  }
  if (folded === '.gitmodules') return 'submodules are not allowed, undo this change';
  if (INSTRUCTIONS.test(folded) && !isAllowed(path, policy.allowInstructions)) {
    return 'instructions for agents may not change, undo this change';
  }
  if (mode === '120000' && escapes(path, policy.inside.links.get(path) ?? null, policy)) {
    return 'the symbolic link leads out of the project, remove it';
  }
  if (change.status === 'A' && namesUnit(path, policy)) {
    return 'the name of this new file is reserved, name it after what it does';
  }
  return null;
}

const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

const isAllowed = (path: string, allowed: readonly string[]): boolean =>
  allowed.some((entry) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry));

/**
 * A link may climb only with leading `..`, and not above the root: `..` after a name could leave through another link in the
 * middle, which no look at the text can rule out.
 */
function escapes(path: string, target: string | null, policy: Policy): boolean {
  if (target === null || target === '' || UNPRINTABLE.test(target)) return true;
  if (posix.isAbsolute(target) || /^[a-z]:|\\/iu.test(target)) return true;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const leading = climbs === -1 ? parts.length : climbs;
  if (parts.slice(leading).includes('..')) return true;
  if (leading > path.split('/').length - 1) return true;
  const end = posix.join(posix.dirname(path), ...parts).toLowerCase();
  return ['.git', '.start', '.factory', ...policy.hidden].some((folder) => isUnder(end, folder));
}

/** The id as a word of its own in the path, unless the unit spec itself asks for this file. */
function namesUnit(path: string, { unit, unitText }: Policy): boolean {
  const words = fold(unit);
  if (!` ${fold(path)} `.includes(` ${words} `)) return false;
  const name = posix.basename(path);
  return !(name.includes('.') && unitText.includes(name));
}

/** Letters and digits in lower case, single blanks between: `Unit_1-api` and `unit 1 api` are the same. */
const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** A path short enough to leave room for the reason. */
export const short = (path: string): string => {
  const characters = Array.from(path);
  return characters.length <= 80 ? path : `…${characters.slice(-79).join('')}`;
};
