/** Who has to act on an error: the person, the operator, the model, or nobody (it passes by itself). */
type ErrorKind = 'input' | 'config' | 'refused' | 'unavailable' | 'internal';

export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** What happened, in words a person reads. */
  readonly meaning: string;
  /** What to do next. */
  readonly next: string;
}

/**
 * Every error the service throws on purpose, by code. `test/unit/error-catalog.test.ts` checks that each
 * code is thrown somewhere and that none is thrown that is not listed.
 */
export const errorCatalog = {
  config_invalid: {
    kind: 'config',
    meaning: 'The configuration has problems.',
    next: 'Set the variables listed and start again.',
  },
  state_locked: {
    kind: 'config',
    meaning: 'Another Frontdesk already uses this state folder.',
    next: 'Stop the other one, or give this one its own FRONTDESK_STATE_DIR.',
  },
  state_unwritable: {
    kind: 'config',
    meaning: 'The state folder cannot be written.',
    next: 'Free space on its disk, mount it for writing, or set FRONTDESK_STATE_DIR to another folder.',
  },
  root_locked: {
    kind: 'config',
    meaning: 'Another Frontdesk already works in this workspace root.',
    next: 'Stop the other one, or give this one its own FRONTDESK_WORKSPACE_ROOT.',
  },
  state_newer: {
    kind: 'config',
    meaning: 'The stored state was written by a newer Frontdesk.',
    next: 'Start the newer version, or restore an older copy of the state folder.',
  },
  opencode_failed: {
    kind: 'unavailable',
    meaning: 'OpenCode did not start or stopped answering.',
    next: 'See the log lines that begin with opencode.; `npm ci` reinstalls its binary.',
  },
  agent_altered: {
    kind: 'config',
    meaning: 'OpenCode does not run the front-desk agent or plugin that this version ships.',
    next: 'Reinstall the agents/ folder and start again; nothing is served until it matches.',
  },
  stamp_refused: {
    kind: 'refused',
    meaning: 'This call does not carry a valid stamp of a front-desk session.',
    next: 'Nothing was done. Tools can only be called from a front-desk turn.',
  },
  thread_unknown: {
    kind: 'refused',
    meaning: 'The calling session does not belong to a thread that is served.',
    next: 'Nothing was done. Start the conversation again in Slack.',
  },
  turn_over: {
    kind: 'refused',
    meaning: 'This turn has been ended by a person.',
    next: 'Nothing was posted. End the turn without another call.',
  },
  tool_input_invalid: {
    kind: 'input',
    meaning: 'The tool was called with arguments it does not take.',
    next: 'Correct the arguments named and call it again.',
  },
  host_unavailable: {
    kind: 'unavailable',
    meaning: 'The host that runs this session is not connected.',
    next: 'It reconnects by itself; try again in a minute, or see `opencode` on that host.',
  },
  workspace_invalid: {
    kind: 'input',
    meaning: 'This workspace cannot be made or used.',
    next: 'Correct what is named and try again.',
  },
  workspace_unknown: {
    kind: 'input',
    meaning: 'It is not clear which workspace is meant.',
    next: 'Say a name, or a part of it.',
  },
  workspace_none: {
    kind: 'input',
    meaning: 'There is no workspace yet.',
    next: '`/opencode start` opens the form for one; or say what you want built.',
  },
  workspace_failed: {
    kind: 'unavailable',
    meaning: 'The workspace could not be prepared; nothing half-made was left.',
    next: 'See the error, mend its cause and try again.',
  },
  session_limit: {
    kind: 'refused',
    meaning: 'Maximum concurrent sessions reached.',
    next: 'Stop or clean up one of those named, then start again.',
  },
  ask_unknown: {
    kind: 'input',
    meaning: 'There is no such question or permission request.',
    next: 'List what waits and use one of their ids.',
  },
  ask_closed: {
    kind: 'refused',
    meaning: 'This was decided already.',
    next: 'Nothing was changed; the card says who chose what.',
  },
  ask_invalid: {
    kind: 'input',
    meaning: 'This is not an answer to what was asked.',
    next: 'Choose from the options, or answer in your own words where that is allowed.',
  },
  lab_unknown: {
    kind: 'input',
    meaning: 'Nothing is deployed there.',
    next: 'Deploy it first.',
  },
  lab_unsupported: {
    kind: 'input',
    meaning: 'It is not clear how to run this repository.',
    next: 'Add a .frontdesk.yaml that says how to start it.',
  },
  lab_busy: {
    kind: 'refused',
    meaning: 'A deployment of this workspace is running.',
    next: 'Wait for its end, or deploy again with replace.',
  },
  click_needed: {
    kind: 'refused',
    meaning: 'This needs the click of a person, and there is no thread here to ask in.',
    next: 'Nothing was done. Ask for it in Slack.',
  },
  test_busy: {
    kind: 'refused',
    meaning: 'Tests of this workspace are running already.',
    next: 'Wait for their result.',
  },
  service_needed: {
    kind: 'refused',
    meaning: 'Only the running service can do this; this server runs by itself.',
    next: 'Nothing was done. Ask for it in Slack.',
  },
  service_absent: {
    kind: 'unavailable',
    meaning: 'No Frontdesk answers on this machine.',
    next: 'Start it with `frontdesk start`, or set FRONTDESK_PORT to the port it listens on.',
  },
  service_refused: {
    kind: 'refused',
    meaning: 'The running Frontdesk refused this.',
    next: 'Mend what it names and try again.',
  },
  file_unchecked: {
    kind: 'input',
    meaning: 'This file could not be looked through for secrets, so it was not sent.',
    next: 'Send the part of it that matters.',
  },
  slack_refused: {
    kind: 'unavailable',
    meaning: 'Slack refused the request.',
    next: 'See the Slack error code in the log; `missing_scope` and `not_in_channel` need a change in Slack.',
  },
  slack_unreachable: {
    kind: 'unavailable',
    meaning: 'Slack could not be reached.',
    next: 'It is retried. If it lasts, check the network and the tokens.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

/**
 * The one error class. Thrown where the cause is known, caught at the edges (Slack listener, MCP kit,
 * HTTP handler, reconcile loop).
 * @param code an entry of {@link errorCatalog}
 * @param detail what exactly, without secrets; shown to people and to models
 */
export class FrontdeskError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail = '', options?: ErrorOptions) {
    const gap = detail === '' || detail.startsWith('\n') ? '' : ' ';
    super(`${errorCatalog[code].meaning}${gap}${detail}`, options);
    this.name = 'FrontdeskError';
    this.code = code;
    this.detail = detail;
  }

  /** Meaning, detail and next step in one line, for people and models. */
  get advice(): string {
    const gap = this.message.endsWith('\n') ? '' : /[.!?…:][”"')]?$/.test(this.message) ? ' ' : '. ';
    return `${this.message}${gap}${errorCatalog[this.code].next}`;
  }
}

/** The message of anything thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
