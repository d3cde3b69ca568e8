import { unreachable } from '../../domain/index.ts';
import type {
  CallObservation,
  CommandObservation,
  HttpObservation,
  Observation,
  ServiceObservation,
  VerifyObservation,
} from './observation.ts';
import { routeOf, surfaceOf } from './surface.ts';
import type { Surface } from './surface.ts';
import { mint, SYMPTOM_LENGTH } from './symptom.ts';
import type { Symptom } from './symptom.ts';

/**
 * Symptoms of what went wrong: one line each, what was observed, never what was expected. Routes, methods and names appear only
 * if the unit spec itself has them. Duplicates are told once.
 */
export function symptomsFromTraffic({
  exchanges,
  unitText,
}: {
  readonly exchanges: readonly Observation[];
  readonly unitText: string;
}): Symptom[] {
  const surface = surfaceOf(unitText);
  return [...new Set(exchanges.map((seen) => mint(describe(seen, surface))))];
}

function describe(seen: Observation, surface: Surface): string {
  switch (seen.kind) {
    case 'http':
      return `${request(seen, surface)}: ${answer(seen)}`;
    case 'command':
      return command(seen);
    case 'call':
      return call(seen, surface);
    case 'service':
      return service(seen);
    case 'verify':
      return verify(seen);
    default:
      return unreachable(seen);
  }
}

/** Room that the longest answer leaves for the request. */
const REQUEST_LENGTH = SYMPTOM_LENGTH - 60;

export function request({ method, path }: HttpObservation, surface: Surface): string {
  const route = routeOf(surface, path);
  if (route === null || route.length > REQUEST_LENGTH) return 'a request';
  const named = /^[A-Z]{1,10}$/.test(method) && surface.words.has(method);
  return named ? `${method} ${route}` : `a request to ${route}`;
}

export function answer({ status, error, json, ms, part }: HttpObservation): string {
  if (error === 'timeout' || (error === null && status === null))
    return `no answer within ${seconds(ms)}`;
  if (error === 'refused') return 'the connection was refused';
  if (error === 'reset') return 'the connection was closed before the answer was complete';
  if (json === false) return 'returned a body that is not JSON';
  const returned = `returned status ${wholeNumber(status)}`;
  if (part === 'body') return `${returned} with a body that is not as described`;
  if (part === 'page') return `${returned}; in a browser the page is not as described`;
  if (part === 'header') return `${returned} with headers that are not as described`;
  return returned;
}

export function command({ code, signal, error, ms, part }: CommandObservation): string {
  if (error === 'not_started') return 'the command could not be started';
  if (error === 'timeout') return `the command did not end within ${seconds(ms)}`;
  if (error === 'flood') return 'the command printed without end';
  if (signal !== null) return 'the command was ended by a signal';
  const exited = `the command exited with code ${wholeNumber(code)}`;
  if (part === 'output') return `${exited}, its output is not as described`;
  if (part === 'errors') return `${exited}, its error output is not as described`;
  if (part === 'files') return `${exited}, the files it left are not as described`;
  return exited;
}

export function call({ name, outcome, ms }: CallObservation, surface: Surface): string {
  const known = surface.words.has(name) && name.length <= REQUEST_LENGTH;
  const subject = known ? `export ${name}` : 'export';
  switch (outcome) {
    case 'missing':
      return `${subject}: not found`;
    case 'threw':
      return `${subject}: threw an error`;
    case 'timeout':
      return `${subject}: no answer within ${seconds(ms)}`;
    case 'died':
      return `${subject}: ended the process`;
    case 'loaded':
    case 'returned':
      return `${subject}: returned a value that is not as described`;
    default:
      return unreachable(outcome);
  }
}

export function service({ outcome, code, ms }: ServiceObservation): string {
  if (outcome === 'unhealthy') return `the service was not healthy within ${seconds(ms)}`;
  if (outcome === 'died') return 'the service ended while it was used';
  return code === null
    ? 'the service ended before it was healthy'
    : `the service exited with code ${wholeNumber(code)} before it was healthy`;
}

export function verify({ outcome, code }: VerifyObservation): string {
  if (outcome === 'timeout') return "the project's own checks did not end";
  if (outcome === 'install') return "the project's dependencies could not be installed";
  if (outcome === 'regression') return 'behaviour that worked before this change is broken';
  const failed = "the project's own checks failed";
  return code === null ? failed : `${failed} with exit code ${wholeNumber(code)}`;
}

const wholeNumber = (value: number | null): number => Math.trunc(value ?? 0);

const seconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1000))} s`;

const VOCABULARY = `a the an request to returned status no answer within s connection was refused closed before complete body that is
  not JSON with as described headers command could be started did end printed without ended by signal exited code its output error
  files it left are export found threw process value service healthy while used project own checks dependencies installed behaviour
  worked this change broken failed exit in browser page`;

/** Every word that the lines above may hold beside the unit spec's. */
export const FIXED_WORDS: ReadonlySet<string> = new Set(VOCABULARY.split(/\s+/));
