import { z } from 'zod';
import { defineTool, ToolInputError } from '../../kit/tool.ts';
import { describePosted, postedSchema, type SlackToolDeps } from './deps.ts';

/** Bytes. */
const textLimit = 1024 * 1024;
const binaryLimit = 20 * 1024 * 1024;

export const upload = defineTool({
  name: 'upload',
  title: 'Upload a file to the thread',
  description: [
    'Shares a file in the Slack thread: a log, a diff, a report, an image. Use it for what is too long or too exact for',
    'a message, and say in reply what it is.',
    'Give text as it is (encoding utf8, up to 1 MB) or binary content as base64 (up to 20 MB). Secrets in text files are',
    'masked.',
  ].join(' '),
  input: z.object({
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^/\\\n]+$/, 'must be a file name without a path')
      .describe('File name with its ending, e.g. build.log.'),
    content: z
      .string()
      .min(1)
      .max(Math.ceil(binaryLimit / 3) * 4)
      .describe('The content, as text or base64.'),
    encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How content is given.'),
    title: z.string().max(200).optional().describe('Shown above the file; default: its name.'),
    comment: z.string().max(3000).optional().describe('A message to go with it.'),
  }),
  output: postedSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describePosted('Uploaded.'),
  async run(deps: SlackToolDeps, { name, content, encoding, title, comment }, call) {
    return await deps.attach(call, {
      name,
      content: decode(content, encoding),
      ...(title === undefined ? {} : { title }),
      ...(comment === undefined ? {} : { comment }),
    });
  },
});

function decode(content: string, encoding: 'utf8' | 'base64'): Uint8Array {
  if (encoding === 'utf8') {
    const bytes = Buffer.from(content, 'utf8');
    if (bytes.byteLength > textLimit) refuse('is more than 1 MB of text; send it as base64, or less of it');
    return bytes;
  }
  const packed = content.replaceAll(/\s/g, '');
  // Buffer.from skips what is no base64, which would send a broken file.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed) || packed.length % 4 === 1) refuse('is not base64');
  const bytes = Buffer.from(packed, 'base64');
  if (bytes.byteLength > binaryLimit) refuse('is more than 20 MB');
  return bytes;
}

function refuse(message: string): never {
  throw new ToolInputError([{ code: 'custom', path: ['content'], message, input: undefined }]);
}
