import type { UploadedFile } from '../wire.ts';

/** Slack takes more; what is sent here goes through one JSON body. Bytes. */
export const maxUpload = 50_000_000;

/** @returns a file as the control API takes it */
export async function readUpload(file: File): Promise<UploadedFile> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read`)));
    reader.readAsDataURL(file);
  });
  const base64 = address.slice(address.indexOf(',') + 1);
  const name = file.name || 'pasted';
  return { name, base64, ...(file.type === '' ? {} : { mimetype: file.type }) };
}
