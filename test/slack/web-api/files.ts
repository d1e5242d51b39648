import { z } from 'zod';

import { parseContent } from '../limits/content.ts';
import { mimetypeOf } from '../store/files.ts';
import type { StoredFile } from '../store/model.ts';
import { postMessage } from '../store/post.ts';
import { wireFile } from '../store/wire.ts';
import type { World } from '../store/world.ts';
import { anyJsonArg, intArg, jsonArg, textArg } from './args.ts';
import { resolveThread } from './chat.ts';
import { findWritable, method } from './method.ts';
import { nextCursor, pageOf } from './paging.ts';
import { invalidArguments, SlackError } from './slack-error.ts';

function find(world: World, id: string): StoredFile {
  const file = world.files.get(id);
  if (!file?.complete) throw new SlackError('file_not_found');
  return file;
}

const getUploadUrl = method({
  name: 'files.getUploadURLExternal',
  tier: 4,
  scopes: ['files:write'],
  args: z.object({ filename: textArg, length: intArg }),
  run(world, args) {
    if (args.length === 0) throw invalidArguments('must be greater than 0 [json-pointer:/length]');
    const file: StoredFile = {
      id: world.nextId('F0'),
      name: args.filename,
      title: args.filename,
      mimetype: mimetypeOf(args.filename),
      user: world.id.botUserId,
      content: Buffer.alloc(0),
      complete: false,
      createdSeconds: Math.floor(world.clock.now() / 1000),
      channels: new Set(),
    };
    world.files.set(file.id, file);
    return { upload_url: `${world.url}/upload/v1/${file.id}`, file_id: file.id };
  },
});

const completeUpload = method({
  name: 'files.completeUploadExternal',
  tier: 4,
  scopes: ['files:write'],
  args: z.object({
    files: jsonArg(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: textArg.optional(),
    channels: textArg.optional(),
    thread_ts: textArg.optional(),
    initial_comment: textArg.optional(),
    blocks: anyJsonArg.optional(),
  }),
  run(world, args) {
    const files = args.files.map(({ id, title }) => {
      const file = world.files.get(id);
      if (!file || file.complete || file.content.length === 0) throw new SlackError('file_not_found');
      return { file, title };
    });
    const targets = [args.channel_id, ...(args.channels ?? '').split(',')].filter(
      (id) => id !== undefined && id !== '',
    );
    const channels = targets.map((id) => findWritable(world, id ?? ''));
    const roots = channels.map((channel) => resolveThread(world, channel, args.thread_ts));
    const blocks = args.initial_comment ? undefined : args.blocks;
    const content = parseContent({ text: args.initial_comment ?? ' ', blocks }, 'post');
    for (const { file, title } of files) {
      file.complete = true;
      if (title) file.title = title;
    }
    for (const [at, channel] of channels.entries()) {
      postMessage(world, {
        channel: channel.id,
        user: world.id.botUserId,
        text: content.text.trim(),
        blocks: content.blocks,
        threadTs: roots[at],
        files: files.map(({ file }) => file),
      });
    }
    world.changes.emit({ kind: 'file' });
    return { files: files.map(({ file }) => wireFile(world, file)) };
  },
});

const info = method({
  name: 'files.info',
  tier: 4,
  scopes: ['files:read'],
  args: z.object({ file: textArg }),
  run: (world, args) => ({
    file: { ...wireFile(world, find(world, args.file)), shares: sharesOf(world, args.file) },
  }),
});

/** Where a file was posted: Slack fills this in a little later than the upload; here at once. */
function sharesOf(world: World, id: string): Record<string, unknown> {
  const shares: Record<string, Record<string, { ts: string; thread_ts?: string }[]>> = {
    public: {},
    private: {},
  };
  for (const channelId of world.files.get(id)?.channels ?? []) {
    const side = world.channels.get(channelId)?.kind === 'channel' ? 'public' : 'private';
    const messages = [...world.messages.all()].filter(
      (message) => message.channel === channelId && message.files.some((file) => file.id === id),
    );
    const listed = messages.map(({ ts, threadTs }) =>
      threadTs === undefined ? { ts } : { ts, thread_ts: threadTs },
    );
    (shares[side] ??= {})[channelId] = listed;
  }
  return shares;
}

const list = method({
  name: 'files.list',
  tier: 3,
  scopes: ['files:read'],
  args: z.object({ channel: textArg.optional(), count: intArg.optional(), cursor: textArg.optional() }),
  run(world, args) {
    const known = [...world.files.values()].filter(
      (file) => file.complete && (args.channel === undefined || file.channels.has(args.channel)),
    );
    const page = pageOf(known, { limit: args.count, cursor: args.cursor }, { normal: 100, most: 1000 });
    return { files: page.items.map((file) => wireFile(world, file)), ...nextCursor(page) };
  },
});

const remove = method({
  name: 'files.delete',
  tier: 3,
  scopes: ['files:write'],
  args: z.object({ file: textArg }),
  run(world, args) {
    const file = find(world, args.file);
    if (file.user !== world.id.botUserId) throw new SlackError('cant_delete_file');
    world.files.delete(file.id);
    for (const message of world.messages.all()) {
      const at = message.files.indexOf(file);
      if (at < 0) continue;
      message.files.splice(at, 1);
      world.changes.emit({ kind: 'message', channel: message.channel, ts: message.ts });
    }
    return {};
  },
});

export const fileMethods = [getUploadUrl, completeUpload, info, list, remove];
