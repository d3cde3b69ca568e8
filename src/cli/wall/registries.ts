type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where dependencies of the usual languages come from. No host that serves whatever anybody has put there, a repository of this project
 * included.
 */
export const REGISTRIES: readonly string[] = [
  // JavaScript
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'repo.yarnpkg.com',
  'npm.jsr.io',
  'jsr.io',
  // Python
  'pypi.org',
  'files.pythonhosted.org',
  // Rust
  'index.crates.io',
  'static.crates.io',
  'crates.io',
  // Go
  'proxy.golang.org',
  'sum.golang.org',
  // Ruby, PHP
  'rubygems.org',
  'index.rubygems.org',
  'repo.packagist.org',
  // Java
  'repo.maven.apache.org',
  'repo1.maven.org',
  'plugins.gradle.org',
  'plugins-artifacts.gradle.org',
  // .NET, Elixir, Dart
  'api.nuget.org',
  'repo.hex.pm',
  'builds.hex.pm',
  'pub.dev',
];

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];
const NAMES: ReadonlySet<string> = new Set(PROXIES.flatMap((name) => [name, name.toLowerCase()]));

/** The machine's own web proxies do not exist where the network is another. */
export const withoutProxies = <E extends Environment>(env: E): E =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !NAMES.has(name))) as E;

/** All that is not of the place itself goes through the proxy at a port of it. */
export function proxied<E extends Environment>(env: E, port: number): E {
  const address = `http://127.0.0.1:${String(port)}`;
  const direct = 'localhost,127.0.0.1,::1';
  const said = { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: direct };
  const both = Object.entries(said).flatMap(([name, value]) => [
    [name, value],
    [name.toLowerCase(), value],
  ]);
  return { ...env, ...Object.fromEntries(both) } as E;
}
