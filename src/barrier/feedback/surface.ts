/** The words a unit spec uses, and the routes it names: all that a symptom may say beyond our own vocabulary. */
export interface Surface {
  readonly words: ReadonlySet<string>;
  readonly routes: readonly Route[];
}

interface Route {
  readonly text: string;
  readonly segments: readonly string[];
  readonly placeholders: number;
}

/** Letters, digits, `_` and `$` in a row. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_$]+/gu) ?? [];

const ROUTE = /(?<![\p{L}\p{N}_.~/<])\/[\p{L}\p{N}_.~:{}<>[\]*%@/-]*/gu;
const PLACEHOLDER = /^(?::[\p{L}\p{N}_]+|\{[^{}]+\}|<[^<>]+>|\[[^[\]]+\])$/u;

export function surfaceOf(unitText: string): Surface {
  // The host of an address is not a route, its path is.
  const text = unitText.replace(/\b[a-z][a-z+.-]*:\/\/[^\s/]+/giu, ' ');
  const routes = (text.match(ROUTE) ?? []).map((raw) => route(raw.replace(/[.:,]+$/u, '')));
  const distinct = new Map(routes.map((one) => [one.text, one]));
  // The most literal route that fits is the one meant.
  const sorted = [...distinct.values()].sort((a, b) => a.placeholders - b.placeholders);
  return { words: new Set(wordsOf(unitText)), routes: sorted };
}

function route(text: string): Route {
  const segments = segmentsOf(text);
  return { text, segments, placeholders: segments.filter((part) => PLACEHOLDER.test(part)).length };
}

const segmentsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** The route of the unit spec that a path belongs to, as the spec writes it; null when it names none. */
export function routeOf(surface: Surface, path: string): string | null {
  const segments = segmentsOf((path.split(/[?#]/u)[0] ?? '').replace(/^[a-z]+:\/\/[^/]+/iu, ''));
  const fits = ({ segments: wanted }: Route) =>
    wanted.length === segments.length &&
    wanted.every((part, index) => part === segments[index] || PLACEHOLDER.test(part));
  return surface.routes.find(fits)?.text ?? null;
}
