import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  isLoopback,
  programOf,
  reachOf,
  type AgentChoice,
  type AgentRequest,
  type AgentRole,
  type ModelApi,
} from '../../agent/index.ts';
import { openNetwork, SOCKETS_TRACE, type Network } from '../../barrier/index.ts';
import { needsOf } from '../../domain/index.ts';
import { BASE_ENVIRONMENT, environment, type Route, type View } from '../../process/index.ts';
import type { Opened } from '../run/open-run.ts';
import { proxied, REGISTRIES, withoutProxies } from './registries.ts';
import type { Teardown } from '../run/teardown.ts';
import type { World } from '../world.ts';

/** What an agent gets of the machine around its workspace. */
export type AgentPlace = Pick<AgentRequest, 'environment' | 'program' | 'secrets'> & {
  readonly view: Pick<View, 'read' | 'routes'>;
};

/** Every way through the wall of a run. Without a wall nothing is changed and nothing is needed. */
export interface Ways {
  /** For checks, product and service. */
  readonly env: Readonly<Record<string, string>>;
  readonly install: { readonly env: Readonly<Record<string, string>>; readonly view: View };
  /** What the service under test, and the project's own tests, need of this machine. */
  readonly needs: readonly Route[];
  readonly network: Pick<Network, 'door' | 'path'> | null;
  agent(choice: AgentChoice, role: AgentRole): Promise<AgentPlace>;
}

/** Inside, beyond the ports that a system gives out by itself. */
const PROXY_PORT = 61_001;
const API_PORT = 61_002;
/** Below, a port inside can only be opened by root. */
const FIRST_PORT = 1024;

/** Opens what everybody needs; what an agent needs is opened with the first of its kind. Closed with the run. */
export async function openWays(world: World, run: Opened, teardown: Teardown): Promise<Ways> {
  const { repo, settings, log, project } = run;
  const paths = [
    ...settings.agentPaths.call.map((path) => resolve(world.cwd, path)),
    ...settings.agentPaths.file.map((path) => resolve(project, path)),
  ];
  if (repo.sandbox.kind === 'none') return open(world);
  const network = await openNetwork({
    temp: world.temp,
    trace: join(repo.scratch, SOCKETS_TRACE),
    sandbox: repo.sandbox,
    logFile: join(log.dir, 'logs', 'network.log'),
    upstream: (url) => (isLoopback(new URL(url)) ? '' : world.proxyFor(url)),
    now: world.now,
  });
  teardown.add(() => network.close());
  const inside = withoutProxies(world.env);
  const env = environment(inside, BASE_ENVIRONMENT);
  const { hosts, ports } = hereAndElsewhere(settings.allowHosts);
  const registries = run.barrier.mode === 'strict' ? [] : REGISTRIES;
  const install = await proxyTo(network, 'the install', [...registries, ...hosts]);
  const agents = new Map<string, Promise<AgentPlace>>();
  return {
    env,
    install: {
      env: proxied(env, PROXY_PORT),
      view: { routes: [install, ...(await leads(network, ports))] },
    },
    needs: await leads(network, needsOf(settings.service)),
    network,
    agent(choice, role) {
      const key = JSON.stringify([choice, role]);
      const more = role === 'coder' ? [...hosts, ...registries] : hosts;
      const place =
        agents.get(key) ?? agentPlace({ inside, network, paths }, { choice, role, more, ports });
      agents.set(key, place);
      return place;
    },
  };
}

function open({ env }: World): Ways {
  const base = environment(env, BASE_ENVIRONMENT);
  return {
    env: base,
    install: { env: base, view: {} },
    needs: [],
    network: null,
    agent: () => Promise.resolve({ environment: env, view: {} }),
  };
}

interface Inside {
  /** The environment that agents' is taken from, as it is inside. */
  readonly inside: World['env'];
  readonly network: Network;
  /** What the person shows to agents. */
  readonly paths: readonly string[];
}

interface Asking {
  readonly choice: AgentChoice;
  readonly role: AgentRole;
  /** Hosts beside those of its model. */
  readonly more: readonly string[];
  /** The same of this machine. */
  readonly ports: readonly number[];
}

async function agentPlace(
  { inside, network, paths }: Inside,
  { choice, role, more, ports }: Asking,
): Promise<AgentPlace> {
  const program = await programOf(choice, inside);
  const view = { read: [...program.read, ...paths] };
  if (choice.kind === 'scripted') return { environment: inside, view };
  const reach = reachOf(choice, inside);
  const api = reach.api === null ? null : await openApi(network, reach.api, inside);
  const hosts = [...reach.hosts, ...more];
  const proxy = hosts.length === 0 ? [] : [await proxyTo(network, `${role} agents`, hosts)];
  const routes = [
    ...proxy,
    ...(api === null ? [] : [api.route]),
    ...(await leads(network, [...reach.local, ...ports])),
  ];
  const given = { ...inside, ...api?.environment };
  return {
    environment: proxy.length === 0 ? given : proxied(given, PROXY_PORT),
    program: program.file,
    secrets: api?.secrets ?? [],
    view: { ...view, routes },
  };
}

/** A way to a model's API on which the credentials are put in: inside there are only their placeholders. */
async function openApi(
  network: Network,
  { variable, address, credentials }: ModelApi,
  env: World['env'],
): Promise<{ route: Route; environment: Record<string, string>; secrets: readonly string[] }> {
  const secrets = new Map<string, string>();
  const given: Record<string, string> = {};
  for (const name of credentials) {
    const value = env[name] ?? '';
    const parts = name.endsWith('HEADERS') ? HEADER_VALUES : WHOLE;
    given[name] = value.replaceAll(parts, (secret) => {
      const placeholder = standInFor(secret);
      secrets.set(placeholder, secret);
      return placeholder;
    });
  }
  const { socket } = await network.gateway({ target: address, secrets });
  given[variable] = `http://127.0.0.1:${String(API_PORT)}`;
  return {
    route: { direction: 'out', port: API_PORT, socket },
    environment: given,
    secrets: [...secrets.values()],
  };
}

const WHOLE = /^[^]+$/g;
/** Of a list of headers, what stands behind the colon of each line. */
const HEADER_VALUES = /(?<=^[^\n:]*:[ \t]*)[^\s:][^\n]*/gm;

/** Of the same kind, as a program tells kinds of keys by how they begin. */
const standInFor = (secret: string): string =>
  `${/^sk-ant-[a-z]+\d*-/.exec(secret)?.[0] ?? 'factory-'}${randomUUID()}`;

async function proxyTo(network: Network, who: string, allow: readonly string[]): Promise<Route> {
  const { socket } = await network.proxy({ who, allow });
  return { direction: 'out', port: PROXY_PORT, socket };
}

const HERE = /^(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)$/;

/** Allowed hosts: what they name of this machine is at the same port inside, the others are asked for through the proxy. */
function hereAndElsewhere(allowed: readonly string[]) {
  const ports = allowed.flatMap((host) => HERE.exec(host)?.[1] ?? []).map(Number);
  return { ports, hosts: allowed.filter((host) => !HERE.test(host)) };
}

const leads = (network: Network, ports: readonly number[]): Promise<readonly Route[]> =>
  Promise.all(
    [...new Set(ports)]
      .filter((port) => port >= FIRST_PORT)
      .map(async (port): Promise<Route> => {
        const { socket } = await network.lead({ host: 'localhost', port });
        return { direction: 'out', port, socket };
      }),
  );

/** A view, and what an agent gets beside it. */
export const beside = (view: View, { read = [], routes = [] }: AgentPlace['view']): View => ({
  ...view,
  read: [...(view.read ?? []), ...read],
  routes: [...(view.routes ?? []), ...routes],
});
