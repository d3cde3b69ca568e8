/**
 * Who the kit says it is, attempt after attempt: nobody, a command-line client, a browser. A product that answers one of them otherwise
 * than the others cannot be right for two of three. A check that names a `user-agent` itself keeps it.
 */
const CLIENTS = [
  undefined,
  'curl/8.5.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
] as const;

/** The client of an attempt, counted from 0. */
export const clientAt = (turn: number): { readonly client?: string } => {
  const client = CLIENTS[turn % CLIENTS.length];
  return client === undefined ? {} : { client };
};
