import { ManifestStatus, ServiceDeclaration } from '../domain/index.ts';
import type { Manifest, ServiceSetting } from '../domain/index.ts';
import { closest } from './closest.ts';
import { issueText, valueAt } from './issue-words.ts';
import type { Entry, Frontmatter } from './frontmatter.ts';
import type { Fault, Report } from './source.ts';

/** What the frontmatter of a manifest says. */
export type Settings = Pick<
  Manifest,
  'title' | 'status' | 'threshold' | 'maxIterations' | 'service'
>;

const DEFAULT_THRESHOLD = 0.9;
const DEFAULT_MAX_ITERATIONS = 5;
const KEYS: readonly string[] = ['title', 'status', 'threshold', 'max_iterations', 'service'];

/** Reads the keys the manifest knows; each bad value is reported where it stands and replaced by its default. */
export function parseSettings({ entries, start }: Frontmatter, report: Report): Settings {
  for (const [key, entry] of entries) {
    if (!KEYS.includes(key))
      report(entry.keyAt, {
        rule: 'unknown-key',
        message: `\`${key}\` is not a key of a manifest.`,
        ...meant(key, KEYS),
      });
  }
  const read = <T>(key: string, fallback: T, accept: (entry: Entry) => T | Refusal): T => {
    const entry = entries.get(key);
    if (entry === undefined) return fallback;
    const value = accept(entry);
    if (!(value instanceof Refusal)) return value;
    report(value.at ?? entry.valueAt, value.fault);
    return fallback;
  };
  if (!entries.has('title'))
    report(start > 0 ? start - 3 : 0, {
      rule: 'title-missing',
      message: 'The manifest has no title.',
    });
  return {
    title: read('title', '', acceptTitle),
    status: read('status', 'pending', acceptStatus),
    threshold: read('threshold', DEFAULT_THRESHOLD, acceptThreshold),
    maxIterations: read('max_iterations', DEFAULT_MAX_ITERATIONS, acceptMaxIterations),
    service: read<ServiceSetting>('service', { kind: 'undeclared' }, (entry) =>
      acceptService(entry, report),
    ),
  };
}

class Refusal {
  readonly fault: Fault;
  readonly at: number | undefined;
  constructor(fault: Fault, at?: number) {
    this.fault = fault;
    this.at = at;
  }
}

/** A value as a person would recognise it, cut to fit a line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'Nothing';
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'number'
        ? String(value)
        : (JSON.stringify(value) ?? '');
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

function acceptTitle({ value }: Entry): string | Refusal {
  if (typeof value === 'string' && value.trim() !== '' && !/[\r\n]/.test(value.trim()))
    return value.trim();
  return new Refusal({ rule: 'bad-title', message: `${shown(value)} is not a title.` });
}

function acceptStatus({ value }: Entry): ManifestStatus | Refusal {
  const status = ManifestStatus.safeParse(value);
  return status.success
    ? status.data
    : new Refusal({ rule: 'bad-status', message: `${shown(value)} is not a status.` });
}

function acceptThreshold({ value }: Entry): number | Refusal {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  return new Refusal({ rule: 'bad-threshold', message: `${shown(value)} is not a threshold.` });
}

function acceptMaxIterations({ value }: Entry): number | Refusal {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  return new Refusal({
    rule: 'bad-max-iterations',
    message: `${shown(value)} is not a count of iterations.`,
  });
}

/** The hint where a key is nearly one that exists. */
const meant = (key: string, known: readonly string[]): { hint?: string } => {
  const near = closest(key, known);
  return near === null ? {} : { hint: `Did you mean \`${near}\`?` };
};

function acceptService(entry: Entry, report: Report): ServiceSetting | Refusal {
  const { value } = entry;
  if (value === 'none') return { kind: 'none' };
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return new Refusal({
      rule: 'bad-service',
      message: `${shown(value)} does not declare a service.`,
    });
  }
  const parsed = ServiceDeclaration.safeParse(value);
  if (parsed.success) return { kind: 'declared', service: parsed.data };
  const [first, ...others] = parsed.error.issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    if (unknown.length > 0) {
      return unknown.map(
        (key) =>
          new Refusal(
            {
              rule: 'bad-service',
              message: `\`service\` knows no key \`${key}\`.`,
              ...meant(key, Object.keys(ServiceDeclaration.shape)),
            },
            entry.at([...issue.path, key], 'key'),
          ),
      );
    }
    return [
      new Refusal(
        {
          rule: 'bad-service',
          message: `\`service.${issue.path.join('.')}\`: ${issueText(issue, valueAt(value, issue.path))}`,
        },
        entry.at(issue.path),
      ),
    ];
  });
  for (const refusal of others) report(refusal.at ?? entry.valueAt, refusal.fault);
  return first ?? new Refusal({ rule: 'bad-service', message: 'This does not declare a service.' });
}
