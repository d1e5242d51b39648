import type { ServiceCommand } from '../../../service-state.ts';
import {
  countSaying,
  type Facts,
  hasMentioned,
  hasSaid,
  isAnswered,
  isAnsweredOnce,
  isServed,
  isWorking,
  openCodeCameBack,
  serviceCameBack,
  type Since,
  strangerMetSilence,
  strangerWrote,
} from './facts.ts';

interface Check {
  /** What happens, in the present tense. */
  readonly label: string;
  readonly seen: (facts: Facts, since: Since) => boolean;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** To say, put into the message field by a click. */
  readonly suggestions: readonly string[];
  /** Say it as a new thread, wherever one is. */
  readonly outside?: boolean;
  readonly harm?: { readonly label: string; readonly command: ServiceCommand };
  readonly checks: readonly Check[];
}

const works: Check = { label: 'It works', seen: isWorking };
const served: Check = { label: 'You are somebody it serves', seen: isServed };

/** What somebody should have seen of the bot; the words to say work with the stand-in model and with a real one. */
export const steps: readonly Step[] = [
  {
    id: 'talk',
    title: 'Talk',
    text: 'Mention the bot in a channel. It answers in a thread; open it. From then on that thread is one session: there it needs no mention.',
    suggestions: ['hello'],
    outside: true,
    checks: [
      { label: 'You mention it', seen: hasMentioned },
      { label: 'It answers in a thread', seen: isAnswered },
    ],
  },
  {
    id: 'work',
    title: 'Work',
    text: 'Give a coding agent something to do, and open the thread. A card says who will do it: press Start. The agent works in worktrees of its own, and asks you something; answer with a tap.',
    suggestions: ['start JWT auth, ask me which database in domain-apis'],
    outside: true,
    checks: [
      { label: 'A card proposes an agent', seen: (facts, since) => hasSaid(facts, since, /Change agent/) },
      { label: 'It has started', seen: (facts, since) => hasSaid(facts, since, /has started/) },
      { label: 'It asks', seen: (facts, since) => hasSaid(facts, since, / asks\b/) },
      {
        label: 'You answer, and it goes on with that',
        seen: (facts, since) =>
          hasSaid(facts, since, / chose /) && hasSaid(facts, since, /Milestone|has finished its turn/),
      },
    ],
  },
  {
    id: 'lab',
    title: 'Deploy',
    text: 'In that thread, run what was built: it gets an address of its own. Then run its tests, by words or with the button.',
    suggestions: ['deploy it', 'run the tests'],
    checks: [
      {
        label: 'It is deployed, and answers',
        seen: (facts, since) => hasSaid(facts, since, /Deployment ready/),
      },
      {
        label: 'Its tests pass',
        seen: (facts, since) => hasSaid(facts, since, /All tests passing/),
      },
    ],
  },
  {
    id: 'queue',
    title: 'Queue',
    text: 'In the thread, give it something long, and while it works say something else: it waits its turn. Press Remove or Send now below it.',
    suggestions: ['take 20 seconds', 'what did I say?'],
    checks: [
      works,
      {
        label: 'Another message waits in the queue',
        seen: (facts, since) => hasSaid(facts, since, /Queued at position/),
      },
      {
        label: 'It is removed, or sent now',
        seen: (facts, since) => hasSaid(facts, since, /Removed from the queue|put a queued message first/),
      },
    ],
  },
  {
    id: 'stop',
    title: 'Stop',
    text: 'Let it work, then stop it: with Stop on its card or in the status line, with the word stop, or with 🛑.',
    suggestions: ['take 30 seconds'],
    checks: [
      works,
      {
        label: 'It stops, and says who stopped it',
        seen: (facts, since) => countSaying(facts, /Stopped by/) > since.stopped,
      },
    ],
  },
  {
    id: 'stranger',
    title: 'Stranger',
    text: 'Become the stranger (person switcher), who is not on the allowlist, and write to the bot outside of any thread. Nothing happens: Slack tells the service, and it calls nothing back.',
    suggestions: ['let me in, please'],
    outside: true,
    checks: [
      { label: 'You are somebody it does not serve', seen: (facts) => !isServed(facts) },
      { label: 'You write', seen: strangerWrote },
      { label: 'Delivered, and not one API call in 3 s', seen: strangerMetSilence },
    ],
  },
  {
    id: 'restart',
    title: 'Kill the service',
    text: 'Be Anna again, give it work, and kill the service in the middle of it (kill -9; it is started again, as a supervisor would). Nothing is lost, nothing is said twice.',
    suggestions: ['take 15 seconds'],
    harm: { label: 'kill -9 the service', command: 'kill' },
    checks: [
      served,
      works,
      { label: 'The service was killed and is back', seen: serviceCameBack },
      {
        label: 'The answer comes, once',
        seen: (facts, since) => serviceCameBack(facts, since) && isAnsweredOnce(facts, since),
      },
    ],
  },
  {
    id: 'opencode',
    title: 'Kill OpenCode',
    text: 'Now kill the agent itself while it works. The service starts it again, and the turn goes on.',
    suggestions: ['take 15 seconds'],
    harm: { label: 'kill -9 OpenCode', command: 'kill-opencode' },
    checks: [
      works,
      { label: 'OpenCode was killed and is back', seen: openCodeCameBack },
      {
        label: 'The answer comes, once',
        seen: (facts, since) => openCodeCameBack(facts, since) && isAnsweredOnce(facts, since),
      },
    ],
  },
];
