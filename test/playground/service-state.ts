/** What the page is told of the service, and may ask for. No imports: the page reads this too. */

export const serviceCommands = ['restart', 'kill', 'kill-opencode', 'stop', 'start'] as const;
export type ServiceCommand = (typeof serviceCommands)[number];

export interface ServiceLine {
  /** Unix ms. */
  readonly at: number;
  readonly text: string;
  readonly trouble: boolean;
}

/** Answer of `GET /control/service`. */
export interface ServiceState {
  readonly state: 'off' | 'starting' | 'ready' | 'stopping';
  readonly pid: number | undefined;
  readonly openCodePid: number | undefined;
  /** How often it has got ready since the start. */
  readonly starts: number;
  /** User ids it serves. */
  readonly allowed: readonly string[];
  /** The newest last. */
  readonly lines: readonly ServiceLine[];
}
