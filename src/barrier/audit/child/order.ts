/** What the hunter is told, on stdin. Nothing in it is what it hunts: of secrets it gets only hashes. */
export interface Order {
  /** sha256 of the planted token. */
  readonly canary: string;
  /** sha256 of whole files that must not be there. */
  readonly files: readonly string[];
  /** Names of git objects that must not be there. */
  readonly objects: readonly string[];
  /** Places of the host that must not be there: the project, its git directory, the run folder, the decoy. */
  readonly paths: readonly string[];
  /** Folders to search through, in this order. */
  readonly search: readonly string[];
  /** Folders that hold the system's programs only, left out of a search. */
  readonly system: readonly string[];
  /** Ports of 127.0.0.1, and sockets, at which the token is given to whoever gets through. */
  readonly ports: readonly number[];
  readonly sockets: readonly string[];
  /** Without the leading NUL. */
  readonly abstract: readonly string[];
  /** Processes to look at; null for all that can be seen. */
  readonly pids: readonly number[] | null;
  /** In a sandbox of its own: a network beyond loopback, or a socket that leads out, is a way out. */
  readonly shut: boolean;
  /** Sockets that are meant to be there. */
  readonly allowed: readonly string[];
  readonly ms: number;
  readonly bytes: number;
}

/** The only thing that looks like the token. */
export const TOKEN = /fcanary[0-9a-f]{40}/g;

export interface Found {
  readonly by:
    'file' | 'git' | 'process' | 'environment' | 'socket' | 'loopback' | 'network' | 'path';
  /** `canary`, `object <id>`, `file <sha256>`, or words. */
  readonly what: string;
  readonly where: string;
}

export interface Answer {
  readonly found: readonly Found[];
  readonly looked: {
    files: number;
    bytes: number;
    objects: number;
    processes: number;
    sockets: number;
  };
  readonly complete: boolean;
}
