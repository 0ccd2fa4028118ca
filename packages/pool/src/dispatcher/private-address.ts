import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are not part of the public internet (IANA special-purpose registries, RFC 6890). */
const privateNetworks = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

function createBlockList(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of privateNetworks) {
    list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

let blockList: BlockList | undefined;

/** Whether `address` is loopback, link-local, private, multicast or otherwise not a public one. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.replace(/^\[|\]$/g, '').split('%');
  const family = isIP(plain);
  if (family === 0) return false;
  // A mapped IPv4 address is checked by the rules of IPv4.
  return (blockList ??= createBlockList()).check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** A connection was not opened because its address is private. */
export class PrivateAddress extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`${address} is a private address`);
    this.address = address;
  }
}

/**
 * A `lookup` that fails with {@link PrivateAddress} when any of the addresses found is private. The
 * socket connects to what was checked, so that no second answer of the name server can slip in.
 */
export function publicLookup(lookup: LookupFunction = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [{ address: found }] : (found ?? []);
      const bad = addresses.find(({ address }) => isPrivateAddress(address));
      if (error === null && bad !== undefined) {
        callback(new PrivateAddress(bad.address), found);
      } else {
        callback(error, found, family);
      }
    });
  };
}
