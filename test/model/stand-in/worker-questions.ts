/** What the stand-in asks, in the shape of OpenCode's `question` tool. */

export interface WorkerQuestion {
  readonly question: string;
  readonly header: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiple?: true;
}

const known: Readonly<Record<string, WorkerQuestion>> = {
  database: {
    header: 'Database',
    question: 'Which database shall I use?',
    options: [
      { label: 'PostgreSQL (Recommended)', description: 'There is one already; transactions and JSON.' },
      { label: 'SQLite', description: 'One file, nothing to run.' },
      { label: 'None', description: 'Keep it in memory for now.' },
    ],
  },
  algorithm: {
    header: 'Algorithm',
    question: 'Which algorithm shall sign the tokens?',
    options: [
      { label: 'RS256 (Recommended)', description: 'Others can verify without the secret.' },
      { label: 'HS256', description: 'One shared secret; simpler.' },
    ],
  },
};

/** @param what as it was said, e.g. `database` */
export function whichOne(what: string): WorkerQuestion {
  const word = what.trim().toLowerCase();
  const found = Object.entries(known).find(([name]) => word.includes(name))?.[1];
  return (
    found ?? {
      header: `${word.charAt(0).toUpperCase()}${word.slice(1)}`.slice(0, 30),
      question: `Which ${word} shall I use?`,
      options: [
        { label: 'The usual one (Recommended)', description: 'As elsewhere in the repository.' },
        { label: 'A new one', description: 'Newer, and nobody here knows it yet.' },
      ],
    }
  );
}

export const features: WorkerQuestion = {
  header: 'Features',
  question: 'Which features belong to the first version?',
  multiple: true,
  options: [
    { label: 'Login (Recommended)', description: 'With e-mail and password.' },
    { label: 'Refresh tokens', description: 'Stay logged in for a month.' },
    { label: 'Audit log', description: 'Who did what, and when.' },
  ],
};

const name: WorkerQuestion = { header: 'Name', question: 'What shall the module be called?', options: [] };

export const threeThings: readonly WorkerQuestion[] = [whichOne('database'), features, name];

export const sixThings: readonly WorkerQuestion[] = [
  whichOne('database'),
  whichOne('algorithm'),
  features,
  name,
  {
    header: 'Expiry',
    question: 'How long shall a token live?',
    options: [
      { label: '15 minutes (Recommended)', description: 'With refresh tokens.' },
      { label: 'A day', description: 'Simpler, less safe.' },
    ],
  },
  {
    header: 'Docs',
    question: 'Shall I write documentation, too?',
    options: [
      { label: 'A README (Recommended)', description: 'One screen.' },
      { label: 'No', description: 'The tests say enough.' },
    ],
  },
];
