/** What an agent asks, as OpenCode words it (notes/opencode.md §5), into our words. Pure. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type Ask,
  type PermissionRequest,
  permissionSchema,
  type Question,
  questionSchema,
} from '../../mcp-servers/kit/asks.ts';
import { withoutMark } from '../../mcp-servers/kit/recommended.ts';

const questionRequestSchema = z.object({ questions: z.array(questionSchema).min(1) });
const permissionRequestSchema = z.object({
  permission: z.string(),
  patterns: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** The same for one request, however often it is seen, over restarts of the service. */
export function askIdOf(source: 'host' | 'http' | 'desk', key: string): string {
  return `ask_${createHash('sha256').update(`${source}/${key}`).digest('hex').slice(0, 12)}`;
}

/** Never fails: what is not understood is shown as it came, so that nobody waits for a person unseen. */
export function parseHostRequest(
  kind: 'question' | 'permission',
  request: unknown,
  isCut = false,
): Ask['body'] {
  if (kind === 'question') {
    const parsed = questionRequestSchema.safeParse(request);
    if (parsed.success) return { kind: 'question', questions: parsed.data.questions.map(withWords) };
    const question = `The agent asks something that could not be read: ${asText(request)}`;
    return { kind: 'question', questions: [questionSchema.parse({ question })] };
  }
  const parsed = permissionRequestSchema.safeParse(request);
  const known = parsed.success
    ? parsed.data
    : { permission: 'unknown', patterns: [], metadata: { request: asText(request) } };
  return { kind: 'permission', request: { ...toPermission(known), ...(isCut ? { isCut } : {}) } };
}

/** A chat shows no button without words, and takes no empty answer: nobody would see the question at all. */
function withWords(question: Question): Question {
  const named = question.options.map((option, index) =>
    withoutMark(option.label).trim() === ''
      ? { ...option, label: `Option ${index + 1}${option.label.trimEnd()}` }
      : option,
  );
  const words = question.question.trim() === '' ? 'It gives no words of its own.' : question.question;
  return { ...question, question: words, options: named };
}

function toPermission({
  permission,
  patterns,
  metadata,
}: z.infer<typeof permissionRequestSchema>): PermissionRequest {
  const text = (key: string) => (typeof metadata[key] === 'string' ? metadata[key] : '');
  const shared = { permission, patterns };
  // Two lines above each file's own names, which say nothing more.
  const diff = text('diff')
    .replaceAll(/^Index: .*\n=+\n/gm, '')
    .trimEnd();
  if (diff !== '') return permissionSchema.parse({ ...shared, detail: diff, detailKind: 'diff' });
  if (permission === 'bash' || text('command') !== '')
    return { ...shared, detail: text('command') || patterns.join('\n'), detailKind: 'command' };
  const path = text('filepath') || text('filePath') || text('path') || text('parentDir');
  if (path !== '' || ['read', 'edit', 'external_directory', 'glob', 'grep', 'list'].includes(permission))
    return { ...shared, detail: path || patterns.join('\n'), detailKind: 'path' };
  const more = Object.keys(metadata).length === 0 ? '' : JSON.stringify(metadata, null, 2);
  return { ...shared, detail: [...patterns, more].filter(Boolean).join('\n'), detailKind: 'other' };
}

function asText(request: unknown): string {
  return typeof request === 'string' ? request : (JSON.stringify(request, null, 2) ?? '');
}

/**
 * What "allow for session" remembers. Of a command the whole of it counts: OpenCode's patterns name its parts, and the same
 * parts can be put together to something else.
 */
export function ruleKey({ permission, patterns, detail, detailKind }: PermissionRequest): string {
  const exact = detailKind === 'command' || patterns.length === 0;
  return JSON.stringify([permission, patterns.toSorted(), ...(exact ? [detail] : [])]);
}
