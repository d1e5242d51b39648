import { type Hello, protocolVersion } from '../../agents/bridge/protocol.ts';

/** A bearer token of the bridge. */
export interface BridgeToken {
  readonly value: string;
  /** The only name it may dial in as; without one, any name that no other token owns. */
  readonly host?: string | undefined;
}

export interface HandshakeInput {
  readonly hello: Pick<Hello, 'host' | 'instance'>;
  readonly token: BridgeToken;
  readonly tokens: readonly BridgeToken[];
  /** The line now open under this name, if any. */
  readonly current: { readonly instance: string; readonly quietMs: number } | undefined;
  /** Quiet for longer than this, a line is taken for dead. */
  readonly staleMs: number;
}

/** @returns why the host is refused, or undefined when it is welcome */
export function decideHandshake({
  hello,
  token,
  tokens,
  current,
  staleMs,
}: HandshakeInput): string | undefined {
  if (token.host !== undefined && token.host !== hello.host)
    return `This token is for host ${token.host} only.`;
  if (token.host === undefined && tokens.some(({ host }) => host === hello.host))
    return `The name ${hello.host} is taken; set FRONTDESK_HOST_NAME.`;
  // The same OpenCode dials again before its dead line was noticed; another one must not push a living host out.
  if (current && current.instance !== hello.instance && current.quietMs < staleMs)
    return `Another host is named ${hello.host}; set FRONTDESK_HOST_NAME.`;
  return undefined;
}

/** What a host of another protocol version is told; fits a close frame (123 bytes). */
export function describeVersionMismatch(theirs: number): string {
  const versions = `Bridge protocol ${theirs}, Frontdesk has ${protocolVersion}:`;
  return theirs < protocolVersion
    ? `${versions} copy its agents/bridge/plugin.js here, restart OpenCode.`
    : `${versions} update Frontdesk, or use its agents/bridge/plugin.js.`;
}
