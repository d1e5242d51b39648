/**
 * The form that a session's question was made into (WS-6), once it is answered: the call stays open until the service has
 * acted on the answers, so that the person sees the session at work, and the model is told what came of it.
 */
import { partInfo } from './opencode-events.ts';
import { within } from './within.ts';

export interface Forms {
  /** The question of this call is the form about the held write. */
  shown(callId: string, about: { sessionId: string; holdId: string }): void;
  /** The person has answered. @returns words for the model, later; undefined: it is not the form */
  answered(callId: string): Promise<string> | undefined;
  /** What came of it: it was refused. */
  tell(holdId: string, words: string): void;
  /** It was moved. Resolves when OpenCode has stored the call as completed, or it takes too long. */
  moving(sessionId: string): Promise<void>;
  stopped(sessionId: string): void;
  /** The service stays away. */
  away(): void;
  /** OpenCode's own event: a call that is over. */
  event(type: string, properties: unknown): void;
}

interface Form {
  readonly sessionId: string;
  readonly holdId: string;
  readonly told: PromiseWithResolvers<string>;
  readonly stored: PromiseWithResolvers<void>;
  isAnswered: boolean;
}

/** OpenCode stores a call that is over in some milliseconds. */
const storedMs = 2_000;
/** Most workspaces are there by then; for those that are not the model ends its turn, and is told when they are. */
const patienceMs = 5 * 60_000;

const words = {
  moving: 'The session moves into its workspace now.',
  later:
    'The workspace is still being made. End your turn with one sentence that says so; you are told to go on in it.',
  stopped: 'The turn was stopped.',
  away: 'Frontdesk, which makes the workspace, cannot be reached. Nothing was written; tell the person.',
} as const;

export function createForms(): Forms {
  const forms = new Map<string, Form>();
  const tellAll = (text: string, of: (form: Form) => boolean) => {
    for (const form of forms.values()) if (of(form)) form.told.resolve(text);
  };

  return {
    shown(callId, about) {
      const told = Promise.withResolvers<string>();
      const stored = Promise.withResolvers<void>();
      forms.set(callId, { ...about, told, stored, isAnswered: false });
    },

    answered(callId) {
      const form = forms.get(callId);
      if (form === undefined) return undefined;
      form.isAnswered = true;
      const timer = setTimeout(() => form.told.resolve(words.later), patienceMs);
      return form.told.promise.finally(() => clearTimeout(timer));
    },

    tell: (holdId, text) => tellAll(text, (form) => form.holdId === holdId),

    async moving(sessionId) {
      tellAll(words.moving, (form) => form.sessionId === sessionId);
      const stored = [...forms.values()]
        .filter((form) => form.sessionId === sessionId && form.isAnswered)
        .map((form) => form.stored.promise);
      if (stored.length > 0) await within(storedMs, Promise.all(stored), []);
    },

    stopped: (sessionId) => tellAll(words.stopped, (form) => form.sessionId === sessionId),
    away: () => tellAll(words.away, () => true),

    event(type, properties) {
      if (type !== 'message.part.updated') return;
      const part = partInfo.safeParse(properties).data?.part;
      const form = forms.get(part?.callID ?? '');
      const status = part?.state?.status;
      if (part?.callID == null || form === undefined || (status !== 'completed' && status !== 'error'))
        return;
      form.stored.resolve();
      forms.delete(part.callID);
    },
  };
}
