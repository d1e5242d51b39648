/** Pictures that OpenCode cannot open: it refuses the whole prompt for one of them, and would each time. Pure. */
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { LoadedFile } from './incoming.ts';

/** OpenCode's words: "ImageDecodeError: Image could not be decoded", "ImageSizeError: Image 9000x9000 …". */
export function isImageRefusal(error: unknown): boolean {
  return (
    error instanceof FrontdeskError &&
    error.code === 'opencode_failed' &&
    /^Image\w*Error: /.test(error.detail)
  );
}

/** The same files with the pictures as not readable. OpenCode does not say which of several it was. */
export function withoutImages(files: readonly LoadedFile[]): LoadedFile[] {
  const isImage = (file: LoadedFile) => file.ok && file.mime.startsWith('image/');
  const only = files.filter(isImage).length === 1;
  const reason = only
    ? 'it is no picture that can be opened; PNG, JPEG, GIF and WebP can'
    : 'one of the pictures cannot be opened (PNG, JPEG, GIF and WebP can), and it is not known which; send them one by one';
  return files.map((file) => (isImage(file) ? { ok: false, name: file.name, reason } : file));
}
