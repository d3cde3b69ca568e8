import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** One unit of an example, with everything that exists about it. */
export interface ExampleUnit {
  readonly id: string;
  readonly spec: string;
  /** Scenario name → its text. */
  readonly scenarios: ReadonlyMap<string, string>;
  /** The n-th code run (1-based): path in the workspace → content. The last one prepared repeats. */
  readonly code: (run: number) => ReadonlyMap<string, string>;
  readonly checks: readonly { readonly scenario: string; readonly code: string }[];
}

/** A bundled example, read in full: what a test may know and no agent. */
export class Example {
  readonly units: readonly ExampleUnit[];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    const spec = join(examples, '.start/specs', name);
    this.units = readdirSync(join(spec, 'units')).map((file) =>
      readUnit(basename(file, '.md'), { spec, scripted: join(examples, 'scripted', name) }),
    );
  }

  /** Puts the project with its spec directory at `dir`, committed. */
  copyTo(dir: string): void {
    cpSync(join(examples, 'projects', this.#name), dir, { recursive: true });
    const spec = join('.start/specs', this.#name);
    cpSync(join(examples, spec), join(dir, spec), { recursive: true });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: dir,
      });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'The beginning');
  }
}

function readUnit(
  id: string,
  { spec, scripted }: { readonly spec: string; readonly scripted: string },
): ExampleUnit {
  const scenarios = textsIn(join(spec, 'scenarios', id));
  return {
    id,
    spec: readFileSync(join(spec, 'units', `${id}.md`), 'utf8'),
    scenarios: new Map([...scenarios].map(([file, text]) => [basename(file, '.md'), text])),
    code: (run) => {
      const dir = (n: number) => join(scripted, id, 'code', String(n));
      let n = run;
      while (n > 1 && !existsSync(dir(n))) n -= 1;
      return textsIn(dir(n));
    },
    checks: [...textsIn(join(scripted, id, 'checks'))].map(([file, code]) => ({
      scenario: basename(file, '.mjs'),
      code,
    })),
  };
}

/** Every file below a directory: relative path → text. */
function textsIn(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(dir, file), readFileSync(file, 'utf8')]),
  );
}

/** The lines of a Markdown text that say something of their own: markup at the front removed, short ones left out. */
export const tellingLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^[\s#>*|\d.-]+/, '').trim())
    .filter((line) => line.length >= 20);
