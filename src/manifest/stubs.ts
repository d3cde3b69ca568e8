import type {
  Diagnostic,
  Fence,
  Priority,
  Scenario,
  Stub,
  Stubs,
  UnitId,
} from '../domain/index.ts';
import { unfit } from './complexity.ts';
import { parseFrontmatter } from './frontmatter.ts';
import { headingText, parseMarkdown, range } from './markdown.ts';
import type { Block } from './markdown.ts';
import { splitPriority } from './scenario.ts';
import { shown } from './settings.ts';
import { reportTo, toSource } from './source.ts';
import type { Report, Source } from './source.ts';

/** File name of stubs within a unit's scenarios. */
export const STUB_FILE = 'e2e-stubs.md';

/** A stub as written: `scenario` is a file name or a title. */
export interface StubEntry extends Stub {
  readonly saysPriority: boolean;
  readonly at: number;
}

export interface StubFile extends Omit<Stubs, 'stubs'> {
  readonly unit: { readonly id: string; readonly at: number } | null;
  readonly stubs: readonly StubEntry[];
}

/** Parses the text of an `e2e-stubs.md`. Pure; never throws. Null when a fault of severity error leaves nothing to trust. */
export function parseStubs(
  text: string,
  file: string,
): { stubs: StubFile | null; diagnostics: readonly Diagnostic[] } {
  const source = toSource(text, file);
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(source, diagnostics);
  const fault = unfit(source.text);
  if (fault !== null) report(fault.at, fault);
  const stubs = fault === null ? readStubs(source, report) : null;
  return { stubs: diagnostics.length === 0 ? stubs : null, diagnostics };
}

function readStubs(source: Source, report: Report): StubFile {
  const { entries, body } = parseFrontmatter(source, report);
  const markdown = source.text.slice(body);
  const framework = entries.get('framework')?.value ?? null;
  const unit = entries.get('unit');
  const setup: Fence[] = [];
  const found: Pending[] = [];
  let section = '';
  const shifted: Report = (at, fault) => {
    report(at + body, fault);
  };
  for (const block of parseMarkdown(markdown)) {
    if (block.type === 'heading' && block.depth <= 2)
      section = headingText(markdown, block).toLowerCase();
    else if (block.type === 'heading' && block.depth === 3 && section === 'stubs') {
      found.push({
        ...splitPriority(headingText(markdown, block)),
        at: range(block).start,
        fences: [],
      });
    } else if (block.type === 'code' && isFence(markdown, block)) {
      const into =
        section === 'setup' ? setup : section === 'stubs' ? found.at(-1)?.fences : undefined;
      into?.push({ lang: block.lang ?? null, code: block.value });
    }
  }
  const stubs = found.flatMap((stub) => complete(stub, shifted));
  if (found.length === 0)
    report(body, { rule: 'bad-stub', message: 'There is no stub below `## Stubs`.' });
  return {
    unit: unit === undefined ? null : { id: String(unit.value), at: unit.valueAt },
    framework: typeof framework === 'string' ? framework : null,
    setup:
      setup[0] === undefined
        ? null
        : { lang: setup[0].lang, code: setup.map((fence) => fence.code).join('\n') },
    stubs: stubs.map((stub) => ({ ...stub, at: stub.at + body })),
  };
}

interface Pending {
  readonly title: string;
  readonly priority: Priority | null;
  readonly at: number;
  readonly fences: Fence[];
}

/** Indented text is code to Markdown, but no fence. */
function isFence(text: string, block: Block): boolean {
  const { start } = range(block);
  return /^[`~]{3}/.test(text.slice(start, start + 3));
}

function complete({ title, priority, at, fences }: Pending, report: Report): StubEntry[] {
  const [fence, ...more] = fences;
  if (fence === undefined || more.length > 0) {
    report(at, {
      rule: 'bad-stub',
      message: `Stub \`${title.slice(0, 100)}\` has ${fence === undefined ? 'no code fence' : 'more than one code fence'}.`,
    });
    return [];
  }
  return [
    { scenario: title, priority: priority ?? 'P1', saysPriority: priority !== null, ...fence, at },
  ];
}

/** Names the scenario of each stub; a stub without one, or a second stub for one, is a fault. */
export function resolveStubs(
  { source, file }: { source: Source; file: StubFile },
  unit: UnitId,
  scenarios: readonly Scenario[],
): { stubs: Stubs; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(source, diagnostics);
  if (file.unit !== null && file.unit.id !== unit) {
    report(file.unit.at, {
      rule: 'unit-file-disagrees',
      message: `\`unit\` says ${shown(file.unit.id)}; the directory says \`${unit}\`.`,
    });
  }
  const taken = new Set<string>();
  const stubs: Stub[] = [];
  for (const { at, saysPriority, ...stub } of file.stubs) {
    const scenario = match(stub.scenario, scenarios);
    if (scenario === null) {
      report(at, {
        rule: 'stub-without-scenario',
        message: `Stub \`${stub.scenario}\` is for no scenario of unit \`${unit}\`.`,
      });
    } else if (taken.has(scenario.name)) {
      report(at, {
        rule: 'bad-stub',
        message: `Scenario \`${scenario.name}\` has more than one stub.`,
      });
    } else {
      taken.add(scenario.name);
      stubs.push({
        ...stub,
        scenario: scenario.name,
        priority: saysPriority ? stub.priority : scenario.priority,
      });
    }
  }
  return { stubs: { framework: file.framework, setup: file.setup, stubs }, diagnostics };
}

const plain = (text: string): string =>
  text.replaceAll(/[*_`]/g, '').replaceAll(/\s+/g, ' ').trim().toLowerCase();

function match(wanted: string, scenarios: readonly Scenario[]): Scenario | null {
  const name = wanted.replace(/\.md$/i, '').replace(/^.*\//, '');
  return (
    scenarios.find((scenario) => scenario.name === name) ??
    scenarios.find((scenario) => plain(scenario.title) === plain(wanted)) ??
    null
  );
}
