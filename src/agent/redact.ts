const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|HEADERS|_(?:URL|PROXY)$/i;
const ADDRESS_NAME = /_(?:URL|PROXY)$/i;
/** Shorter values would black out ordinary words. */
const SHORTEST = 8;

/** Replaces the values of credentials in `env`, and `more` of them, wherever they occur in a text. */
export function redactor(
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([name, value]) => secretsIn(name, value))
    .concat(more)
    .filter((value) => value.length >= SHORTEST)
    // A secret that contains another must go first, or its rest would stay.
    .sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return (text) => text;
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

function secretsIn(name: string, value: string): string[] {
  if (/HEADERS/i.test(name)) return value.split('\n').map((line) => line.replace(/^[^:]*:\s*/, ''));
  if (ADDRESS_NAME.test(name)) return loginsIn(value);
  return [value];
}

/** What stands before the `@` of an address, as written: name and password, the password alone, or a name that is a token. */
function loginsIn(address: string): string[] {
  const login = /^(?:[a-z][\w+.-]*:\/\/)?([^/?#]*)@/i.exec(address)?.[1];
  if (login === undefined) return [];
  const password = login.slice(login.indexOf(':') + 1);
  return [login, password];
}
