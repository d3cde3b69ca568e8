import { basename } from 'node:path';
import matter from 'gray-matter';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { renderTemplate } from './prompt-template.ts';
import type { TemplateName } from './prompt-template.ts';
import type { Symptom } from '../feedback/symptom.ts';

const MINT = Symbol('only this file makes briefings');

/** All that an agent is told. Made only by the functions of this file. */
export class Briefing {
  readonly #prompt: string;

  constructor(key: symbol, prompt: string) {
    if (key !== MINT) throw new Error('Internal error: a briefing is made by the barrier only');
    this.#prompt = prompt;
  }

  get prompt(): string {
    return this.#prompt;
  }
}

const brief = async (
  dir: string,
  name: TemplateName,
  values: Readonly<Record<string, unknown>>,
): Promise<Result<Briefing, Problem>> => {
  const rendered = await renderTemplate(dir, name, values);
  return rendered.ok ? ok(new Briefing(MINT, rendered.value)) : rendered;
};

export interface CoderBriefing {
  /** Folder of the prompt templates. */
  readonly templates: string;
  /** The whole unit spec file, frontmatter and all. */
  readonly unitSpecText: string;
  readonly unitTitle: string;
  /** Its id, which is taken out wherever the text repeats it as a name of the unit. */
  readonly unit: string;
  readonly iteration: number;
  readonly maxIterations: number;
  /** What its last code run is told by. */
  readonly symptoms: readonly Symptom[];
  /** A person's advice, or null. */
  readonly guidance: string | null;
  /** Files with conflict markers in the workspace; empty without a conflict. */
  readonly conflicts: readonly string[];
  /** Path of the project's instructions file in the workspace, e.g. `AGENTS.md`, or null. */
  readonly projectInstructions: string | null;
}

/** What a code agent gets: its own unit spec without its frontmatter, symptoms, nothing of any scenario. */
export const briefCoder = (from: CoderBriefing): Promise<Result<Briefing, Problem>> =>
  brief(from.templates, 'code-agent', {
    title: from.unitTitle,
    unitSpec: unitBody(from.unitSpecText, from.unit),
    iteration: from.iteration,
    maxIterations: from.maxIterations,
    retry: from.iteration > 1 || from.symptoms.length > 0,
    symptoms: from.symptoms,
    guidance: from.guidance,
    conflicts: from.conflicts,
    projectInstructions: from.projectInstructions,
  });

/**
 * Ways into a spec directory: `.start/specs/…`, `docs/specs/001-…`, `scenarios/<unit>/`, `../scenarios/`, stub files. A route or folder
 * `scenarios/` of the product's own, or an API described under `docs/specs/`, is none.
 */
const pointsAtSpecs = (unit: string): RegExp =>
  new RegExp(
    String.raw`\.start/specs/|docs/specs/\d{3}|\.\./scenarios\b|(?<![\w/])scenarios/(?:${escaped(unit)}(?![\w-])|\S*\.md\b)|e2e-stubs`,
    'iu',
  );

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The unit spec as its agent reads it: without frontmatter, without lines that point into spec directories, without the unit's id as a
 * label. The id stays inside longer words, paths and routes: those are the product's.
 */
export function unitBody(text: string, unit: string): string {
  const pointer = pointsAtSpecs(unit);
  const lines = bodyOf(text)
    .split(/\r?\n/)
    .filter((line) => !pointer.test(line))
    .map((line) => withoutLabel(line, unit));
  return lines.join('\n').trim();
}

/** `gray-matter` would run `---js`; only the plain YAML form is cut, by its fences. */
const bodyOf = (text: string): string => {
  const plain = text.replace(/^\uFEFF/, '');
  if (!/^---[ \t]*\r?\n/.test(plain)) return plain;
  return matter(plain, { engines: { yaml: () => ({}) } }).content;
};

/** `# api-core: The core` → `# The core`; an id alone elsewhere → `this unit`. */
function withoutLabel(line: string, unit: string): string {
  // A plain word may be the product's own; only something that is visibly a name is taken out of running text.
  const id = escaped(unit);
  const label = line.replace(
    new RegExp(`^(#+\\s+|\\*\\*)(?:unit\\s+)?\`?${id}\`?\\s*(?::|—|–|-)\\s+`, 'iu'),
    '$1',
  );
  if (/^\p{L}+$/u.test(unit)) return label;
  return label.replace(
    new RegExp(`(?<![\\p{L}\\p{N}._/-])\`?${id}\`?(?![\\p{L}\\p{N}_/-]|\\.\\w)`, 'gu'),
    'this unit',
  );
}

export interface AuthorBriefing {
  readonly templates: string;
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  /** Stub files or stubs to start from. */
  readonly stubs: readonly { readonly name: string; readonly text: string }[];
  readonly kitReference: string;
  /** The product's state is put back before each check. */
  readonly reset: boolean;
  /** The checks that did not work, and why; absent the first time. */
  readonly repair?: readonly {
    readonly scenario: string;
    readonly code: string | null;
    readonly reason: string;
  }[];
}

/** What the check author gets: scenarios, stubs, the kit's reference. No unit spec, no path, no project. */
export const briefAuthor = (from: AuthorBriefing): Promise<Result<Briefing, Problem>> =>
  brief(from.templates, 'check-author', {
    scenarios: from.scenarios,
    stubs: from.stubs,
    kitReference: from.kitReference,
    reset: from.reset,
    repair: from.repair ?? [],
  });

export interface EvaluatorBriefing {
  readonly templates: string;
  readonly unitTitle: string;
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  readonly stubs: readonly { readonly name: string; readonly text: string }[];
  /** Address of the running product, or null where there is no service. */
  readonly url: string | null;
}

/** What the live evaluator of `report` mode gets. */
export const briefEvaluator = (from: EvaluatorBriefing): Promise<Result<Briefing, Problem>> =>
  brief(from.templates, 'eval-agent', {
    title: from.unitTitle,
    scenarios: from.scenarios,
    stubs: from.stubs,
    url: from.url,
    total: from.scenarios.length,
  });

export interface JudgeBriefing {
  readonly templates: string;
  readonly rules: readonly { readonly id: string; readonly question: string }[];
  readonly files: readonly {
    readonly path: string;
    readonly rules: string;
    readonly text: string;
  }[];
}

/** What the judge of CONSTITUTION.md gets: rules and files that the run changed. No spec, no scenario. */
export const briefJudge = ({
  templates,
  rules,
  files,
}: JudgeBriefing): Promise<Result<Briefing, Problem>> =>
  brief(templates, 'constitution-judge', { rules, files });

/** Names of the instruction files an agent should read, best first. */
const INSTRUCTION_FILES = ['CLAUDE.md', 'AGENTS.md', '.claude/CLAUDE.md'];

/** Which instructions file a project has, as a path in the workspace; null for none. `files` are paths relative to the project. */
export const instructionsFile = (files: readonly string[]): string | null =>
  INSTRUCTION_FILES.find((name) => files.includes(name)) ??
  files.find((path) => basename(path).toLowerCase() === 'agents.md') ??
  null;
