/** Why a lab is not ready, in words for people; the ones every target shares. */
import { type LabCause, LabFailure } from '../kit/lab.ts';

const again = 'Mend it and deploy again.';

export function cancelled(): LabFailure {
  return new LabFailure({
    kind: 'cancelled',
    text: 'It was cancelled.',
    fix: 'Deploy again when it is wanted.',
  });
}

export function replaced(): LabFailure {
  return new LabFailure({
    kind: 'cancelled',
    text: 'A newer deployment took its place.',
    fix: 'Nothing to do.',
  });
}

/** @param step that was under way; '' for none */
export function tookTooLong(ms: number, step: string): LabFailure {
  const at = step === '' ? '' : `; it was at "${step}"`;
  return new LabFailure({
    kind: 'timeout',
    text: `It was not ready within ${showDuration(ms)}${at}.`,
    fix: 'See its last lines for what takes so long, and deploy again.',
  });
}

export const interrupted: LabCause = {
  kind: 'interrupted',
  text: 'The service was restarted in the middle of it; what was half-made has been taken back.',
  fix: 'Deploy again.',
};

export const vanished: LabCause = {
  kind: 'interrupted',
  text: 'It is not running any more: it was ended from outside, or the machine was restarted.',
  fix: 'Deploy again.',
};

export const internal: LabCause = {
  kind: 'internal',
  text: 'Something went wrong inside Frontdesk.',
  fix: 'Deploy again; if it fails again, see the log of the service.',
};

export function unreadablePlan(detail: string): LabCause {
  return { kind: 'config', text: detail, fix: again };
}

export function expired(ms: number): LabCause {
  return {
    kind: 'expired',
    text: `It was ended ${showDuration(ms)} after it had become ready, as is set.`,
    fix: 'Deploy again when it is wanted.',
  };
}

/** E.g. `45 s`, `5 min`, `24 h`. */
function showDuration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
