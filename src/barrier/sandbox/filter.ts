/**
 * System calls that reach what no namespace separates: the kernel's keys (those of a login are inherited by every process of it, and what
 * is put there is found by the next), its log (which quotes names of processes), and its counters of what others do.
 */
const UNSHARED = {
  x64: {
    audit: 0xc000003e,
    calls: { syslog: 103, add_key: 248, request_key: 249, keyctl: 250, perf_event_open: 298 },
  },
  ia32: {
    audit: 0x40000003,
    calls: { syslog: 103, add_key: 286, request_key: 287, keyctl: 288, perf_event_open: 336 },
  },
  arm64: {
    audit: 0xc00000b7,
    calls: { syslog: 116, add_key: 217, request_key: 218, keyctl: 219, perf_event_open: 241 },
  },
  arm: {
    audit: 0x40000028,
    calls: { syslog: 103, add_key: 309, request_key: 310, keyctl: 311, perf_event_open: 364 },
  },
} as const;

type Machine = keyof typeof UNSHARED;

/** What a processor runs beside its own programs. */
const FAMILIES: Readonly<Record<string, readonly Machine[]>> = {
  x64: ['x64', 'ia32'],
  arm64: ['arm64', 'arm'],
};

/** Of <linux/bpf_common.h> and <linux/seccomp.h>. */
const [LOAD, IF_EQUAL, IF_SET, RETURN] = [0x20, 0x15, 0x45, 0x06];
const [NUMBER, ARCHITECTURE] = [0, 4];
const ALLOW = 0x7fff0000;
const NO_SUCH_CALL = 0x00050000 + 38;
/** Programs of the x32 kind, which nobody has, number the same calls otherwise. */
const X32 = 0x40000000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * A seccomp program, as bwrap loads it: those calls are answered as if this kernel did not know them. Null for a processor whose numbers
 * are not known.
 */
export function callFilter(arch: string): Buffer | null {
  const family = FAMILIES[arch];
  if (family === undefined) return null;
  const parts = family.map((machine) => part(machine));
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    ...parts.flat(),
    // Programs of any other kind.
    [RETURN, 0, 0, NO_SUCH_CALL],
  ];
  return Buffer.concat(program.map(bytesOf));
}

/** Skipped by programs of other machines, as a whole. */
function part(machine: Machine): readonly Instruction[] {
  const { audit, calls } = UNSHARED[machine];
  const tests: (readonly [code: number, value: number])[] = [
    ...(machine === 'x64' ? [[IF_SET, X32] as const] : []),
    ...Object.values(calls).map((call) => [IF_EQUAL, call] as const),
  ];
  const body: readonly Instruction[] = [
    [LOAD, 0, 0, NUMBER],
    // Each jumps over the ones after it, and over the answer to what is none of them.
    ...tests.map(([code, value], at): Instruction => [code, tests.length - at, 0, value]),
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, NO_SUCH_CALL],
  ];
  return [[IF_EQUAL, 0, body.length, audit], ...body];
}

function bytesOf([code, ifTrue, ifFalse, value]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
