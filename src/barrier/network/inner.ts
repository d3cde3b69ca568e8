import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList } from 'node:net';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';

/** This machine, and the addresses where clouds keep a machine's credentials. */
const inner = new BlockList();
inner.addSubnet('127.0.0.0', 8);
inner.addSubnet('0.0.0.0', 8);
inner.addSubnet('169.254.0.0', 16);
inner.addAddress('::1', 'ipv6');
inner.addAddress('::', 'ipv6');
inner.addSubnet('fe80::', 10, 'ipv6');

/** Looked up each time: interfaces come and go with networks and VPNs. */
const isOurs = (address: string): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some((each) => each.address === address));

const isInner = ({ address, family }: LookupAddress): boolean =>
  inner.check(address, family === 6 ? 'ipv6' : 'ipv4') || isOurs(address);

const outer: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const outside = error === null ? found.filter((each) => !isInner(each)) : [];
    const [first] = outside;
    if (error !== null || first === undefined) {
      const refusal = Object.assign(new Error(`${host} is this machine`), { code: 'ENOTFOUND' });
      callback(error ?? refusal, '', 0);
    } else if (options.all === true) {
      callback(null, outside);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

/** `dns.lookup` that does not find this machine, whatever a name says. */
export const outerLookup = outer as typeof lookup;
