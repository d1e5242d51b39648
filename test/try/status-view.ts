/** The terminal beside the page: what the service does, one plain line each. */
import type { ServiceLine } from '../playground/service-state.ts';

/** @returns a line such as `04:38:13  ! kill -9 4711: the service is gone.` */
export function renderServiceLine({ at, text, trouble }: ServiceLine): string {
  const clock = new Date(at).toLocaleTimeString('en-GB', { hour12: false });
  return `${clock}  ${trouble ? '!' : ' '} ${text}`;
}

/** @returns what is printed before anything else: where the page is. */
export function renderInvitation(url: string, opened: boolean): string {
  return [
    `Slack in your browser: ${url}/`,
    opened
      ? 'It should open by itself. Ctrl-C here ends everything.'
      : 'Open it; Ctrl-C here ends everything.',
    '',
  ].join('\n');
}
