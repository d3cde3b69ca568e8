import { AGENT_PROGRAMS } from '../domain/index.ts';
import type { AgentWish } from '../domain/index.ts';
import type { Entry, Frontmatter } from './frontmatter.ts';
import { shown } from './settings.ts';
import type { Report, Source } from './source.ts';

/** What `--agent` takes, by its beginning; what stands behind is read by whoever starts it. */
const AGENT = new RegExp(
  String.raw`^(?:(?:${AGENT_PROGRAMS.join('|')})(?::\S+)?|(?:command|scripted):\s*\S.*)$`,
);
/** A leading dash would be read as an option. */
const MODEL = /^\w[\w.:/@[\]-]*$/;

/** `agent:` and `model:` of a unit file: who codes this unit. Null where it says neither. */
export function readUnitAgent(
  source: Source,
  { entries }: Frontmatter,
  report: Report,
): AgentWish | null {
  const refuse = (entry: Entry, message: string) => {
    report(entry.valueAt, { rule: 'bad-unit-agent', message });
    return null;
  };
  const read = (key: string, form: RegExp): string | null => {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    const { value } = entry;
    if (typeof value === 'string' && form.test(value)) return value;
    return refuse(entry, `${shown(value)} is no ${key}.`);
  };
  const agent = read('agent', AGENT);
  const model = read('model', MODEL);
  const entry = entries.get('model') ?? entries.get('agent');
  if (entry === undefined || (agent === null && model === null)) return null;
  if (agent !== null && model !== null && agent.includes(':'))
    return refuse(entry, `The agent ${shown(agent)} leaves no choice of a model.`);
  return { agent, model, place: source.place(entry.keyAt) };
}
