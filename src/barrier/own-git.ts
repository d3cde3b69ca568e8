import type { GitPlace } from './git.ts';

/** What of a person's own git configuration decides what is work of theirs in their checkout. */
export interface OwnGit {
  /** Their file of names that git ignores (`core.excludesFile`): no such file is work of theirs. */
  readonly ignore: string | null;
  /** Their `core.autocrlf`. */
  readonly lineEnds: string | null;
  /** Whether their git works in it at all: in a folder of somebody else's it does where `safe.directory` says so. */
  readonly trusts: boolean;
  /** Filters by which git rewrites what it checks out. */
  readonly filters: readonly string[];
}

/** A git call in the checkout sees it as theirs would. */
export const inOwn = ({ ignore, lineEnds, trusts }: OwnGit): Partial<GitPlace> => ({
  ...(ignore !== null && { excludesFile: ignore }),
  ...(lineEnds !== null && { lineEnds }),
  trusted: trusts,
});
