/** What waits for people (SPEC §9). `asks.ts` makes it; parts beside it join through {@link AskExtension}. */
import type { Ask, AskAnswer, PermissionRequest } from '../../mcp-servers/kit/asks.ts';
import type { Card, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { HostSnapshot } from '../../mcp-servers/kit/work.ts';
import type { Asker, Shown } from '../slack-in/surfaces.ts';

/** What is given of an ask that is not a host's; the rest is made. */
interface NewAsk {
  /** Unique per request: asked again with the same, it is the same ask. */
  readonly key: string;
  readonly source: Exclude<Ask['source'], { kind: 'host' }>;
  readonly workspace: string | null;
  readonly body: Ask['body'];
  /** Where its card is shown; null: where the workspace is plugged, or nowhere. */
  readonly ref: ThreadRef | null;
  /** Unix ms; absent: as the extensions say. */
  readonly deadlineAt?: number | null;
}

/** What is noted with an answer. */
export interface Decided {
  /** A person's id, `deadline`, or `rule`. */
  readonly by: string;
  /** In words, for the asker and the card; '' or absent: none. */
  readonly note?: string;
  readonly checkpoint?: Ask['checkpoint'];
}

/**
 * The room's front. Every change is stored first and shown then; whatever is begun is taken up by {@link Asks.resumeAll}.
 * All throw FrontdeskError for what a person or model should hear.
 */
export interface Asks extends AsyncDisposable {
  /**
   * Level-triggered (WA-1): what waits at a host now, against what is stored. Call it as often as there is a snapshot.
   * @param requestedAt by `steady`, just before the snapshot was asked for: what was asked since is not missing in it
   */
  observe(host: string, snapshot: Pick<HostSnapshot, 'waiting' | 'busy'>, requestedAt: number): Promise<void>;
  /** Level-triggered: cards follow their workspace's plug, and what a paused or removed session asked is closed. */
  reconcile(): Promise<void>;
  /**
   * Of a source other than a host. Resolves once it is stored.
   * @returns `ended` settles with the ask when it is not open any more; it never rejects
   */
  open(o: NewAsk): Promise<{ ask: Ask; ended: Promise<Ask> }>;
  /** What is not over: open ones, and answered ones that are still to be delivered. Oldest first. */
  pending(filter?: { readonly workspace?: string; readonly sessionId?: string }): Ask[];
  /** Ended ones, too, for a while. */
  get(id: string): Promise<Ask | undefined>;
  /**
   * First valid one wins (AS-2). Resolves once it is stored; the delivery goes on by itself, at once.
   * @throws FrontdeskError ask_unknown, ask_invalid; ask_closed when it was decided before (with who chose what)
   */
  answer(id: string, answer: AskAnswer, decided: Decided): Promise<Ask>;
  /**
   * A person's answer, by button, form, words or the front desk; late ones, too (AS-4).
   * @returns what only they get to see; null: done, the card says it
   * @throws FrontdeskError ask_unknown, ask_invalid
   */
  respond(person: string, id: string, answer: AskAnswer, note?: string): Promise<string | null>;
  /** Of an ask that is decided: who chose what, in one sentence. */
  outcome(ask: Ask): Promise<string>;
  /** Moves an open one's card to the end of its thread. */
  showAgain(id: string): Promise<void>;
  /** Closes what a session asked, as aborted; nothing is delivered. */
  abort(sessionId: string): Promise<void>;
  /** Closes one, as aborted: who asked is not waiting any more, or asks something else. Harmless when it is over. */
  withdraw(id: string, note?: string): Promise<void>;
  /** The session's requests like this one go through from now on; `once`: the next one does. */
  allow(sessionId: string, request: PermissionRequest, by: string, once: boolean): Promise<void>;
  /**
   * For extensions: changes checkpoint, late, discussion, deadlineAt or note, then shows the card. The same object back
   * changes nothing.
   */
  change(id: string, change: (ask: Ask) => Ask): Promise<Ask>;
  /**
   * A person wrote in a thread: offered as the answer of the question that waits there (the message goes on as usual).
   * @param isOrder it tells the front desk to do something: only an answer when it is an option's name
   */
  offer(
    ref: ThreadRef,
    message: { messageId: string; author: string; text: string },
    isOrder?: boolean,
  ): Promise<void>;
  /** For the turn's header (AG-1), in one line; `none`. */
  summary(ref: ThreadRef): string;
  /** Buttons and forms, prefix `ask.`. */
  click(by: Asker, action: string, value: string): Promise<Shown>;
  submit(by: Asker, callbackId: string, view: unknown): Promise<{ errors: Record<string, string> } | Shown>;
  /** After a start: shows what was stored and not shown, delivers what was answered. @returns how many */
  resumeAll(): Promise<number>;
  /** The composition root calls it every second. */
  tick(): void;
  /** After each stored change. */
  onChange(listener: (ask: Ask) => void): Disposable;
  /** Deliveries under way. */
  readonly busy: number;
}

/** A part of the room that is a file of its own: deadlines, discussions, documents. All optional. */
export interface AskExtension {
  /** When it goes on by itself, Unix ms; null: waits for ever. Asked once, when it is stored. */
  readonly deadlineAt?: (ask: Ask) => number | null;
  /** Changes the card of an ask, open or ended: facts, buttons, words. Pure and quick. */
  readonly card?: (ask: Ask, card: Card) => Card;
  /** Further posts beside its card, when it is first shown; each with a stable id. */
  readonly present?: (ask: Ask) => Promise<void>;
  /** A click on `ask.<verb>`. undefined: not mine. */
  readonly click?: (by: Asker, verb: string, value: string) => Promise<Shown | undefined>;
  readonly submit?: (
    by: Asker,
    callbackId: string,
    view: unknown,
  ) => Promise<{ errors: Record<string, string> } | Shown | undefined>;
  /**
   * A valid answer to an ask the deadline decided (AS-4).
   * @returns what only the person gets to see; undefined: it is refused as closed
   */
  readonly late?: (ask: Ask, answer: AskAnswer, by: string) => Promise<string | undefined>;
  /** After each stored change. */
  readonly changed?: (ask: Ask) => void;
  readonly resumeAll?: () => Promise<void>;
  readonly tick?: () => void;
  readonly drain?: () => Promise<void>;
}

/** Made with the room it belongs to. */
export type MakeExtension = (asks: Asks) => AskExtension;
