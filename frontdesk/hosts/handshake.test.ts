import { describe, expect, it } from 'vitest';
import { protocolVersion } from '../../agents/bridge/protocol.ts';
import { decideHandshake, describeVersionMismatch } from './handshake.ts';

const local = { value: 'l', host: 'local' };
const shared = { value: 's' };
const hello = (host: string, instance = 'i1') => ({ host, instance });
const decide = (input: Partial<Parameters<typeof decideHandshake>[0]>) =>
  decideHandshake({
    hello: hello('laptop'),
    token: shared,
    tokens: [local, shared],
    current: undefined,
    staleMs: 20_000,
    ...input,
  });

describe('handshake', () => {
  it('BR-1: welcomes a new name, and the local host with its own token', () => {
    expect(decide({})).toBeUndefined();
    expect(decide({ hello: hello('local'), token: local })).toBeUndefined();
  });

  it('BR-1: a token of one host poses as no other, and nobody poses as that host', () => {
    expect(decide({ token: local })).toBe('This token is for host local only.');
    expect(decide({ hello: hello('local') })).toBe('The name local is taken; set FRONTDESK_HOST_NAME.');
  });

  it('BR-4: the same OpenCode dialling again replaces its line, another one only a dead line', () => {
    expect(decide({ current: { instance: 'i1', quietMs: 0 } })).toBeUndefined();
    expect(decide({ current: { instance: 'i2', quietMs: 1_000 } })).toContain('Another host is named laptop');
    expect(decide({ current: { instance: 'i2', quietMs: 30_000 } })).toBeUndefined();
  });

  it('BR-1: another protocol version is told what to do, within a close frame', () => {
    const older = describeVersionMismatch(protocolVersion - 1);
    expect(older).toContain('copy its agents/bridge/plugin.js');
    expect(describeVersionMismatch(protocolVersion + 1)).toContain('update Frontdesk');
    expect(Buffer.byteLength(older)).toBeLessThanOrEqual(120);
    expect(Buffer.byteLength(describeVersionMismatch(999))).toBeLessThanOrEqual(120);
  });
});
