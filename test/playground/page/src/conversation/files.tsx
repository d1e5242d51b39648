import { useEffect, useState } from 'react';
import { useApi } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import { fileSize } from '../ui/time.ts';
import type { SlackFile } from '../wire.ts';

const maxTextPreview = 200_000;
const shownLines = 8;
const pictures = /^image\/(?:png|jpe?g|gif|webp)$/;
const textNames =
  /\.(?:txt|md|log|csv|tsv|json|ya?ml|toml|ini|[cm]?[jt]sx?|css|html?|xml|svg|sh|py|go|rs|java|rb|php|c|h|cpp|sql|diff|patch|env)$/i;

/** The kind is told by the name, too: tools often upload as application/octet-stream. */
function kindOf({ mimetype, name, size }: SlackFile): 'picture' | 'text' | 'other' {
  if (pictures.test(mimetype) || /\.(?:png|jpe?g|gif|webp)$/i.test(name)) return 'picture';
  const isText = mimetype.startsWith('text/') || mimetype === 'application/json' || textNames.test(name);
  return isText && size <= maxTextPreview ? 'text' : 'other';
}

/** Loads a picture as such: the server gives every file out as a download of no kind. */
function Picture({ file, url }: { file: SlackFile; url: string }) {
  const [source, setSource] = useState('');
  useEffect(() => {
    let address = '';
    let gone = false;
    const load = async () => {
      const bytes = await (await fetch(url)).arrayBuffer();
      if (gone) return;
      const ending = /\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase().replace('jpg', 'jpeg') ?? 'png';
      const type = pictures.test(file.mimetype) ? file.mimetype : `image/${ending}`;
      address = URL.createObjectURL(new Blob([bytes], { type }));
      setSource(address);
    };
    load().catch(() => setSource(''));
    return () => {
      gone = true;
      URL.revokeObjectURL(address);
    };
  }, [url, file.name, file.mimetype]);
  return source === '' ? (
    <span className="file-picture" />
  ) : (
    <img className="file-picture" src={source} alt={file.title || file.name} />
  );
}

function TextPreview({ url }: { url: string }) {
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const loaded = await (await fetch(url)).text();
      if (!gone) setText(loaded);
    };
    load().catch(() => setText(''));
    return () => {
      gone = true;
    };
  }, [url]);
  const lines = text.split('\n');
  const more = lines.length > shownLines;
  return (
    <>
      <pre className="file-text" tabIndex={0}>
        {all ? text : lines.slice(0, shownLines).join('\n')}
      </pre>
      {more && (
        <button type="button" className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${lines.length} lines`}
        </button>
      )}
    </>
  );
}

function FileCard({ file }: { file: SlackFile }) {
  const url = useApi().fileUrl(file.id);
  const kind = kindOf(file);
  return (
    <figure className="file">
      <figcaption className="file-head">
        <Icon name="file" />
        <span className="file-name">
          <strong>{file.title || file.name}</strong>
          <small>
            {file.title && file.title !== file.name ? `${file.name} · ` : ''}
            {fileSize(file.size)}
          </small>
        </span>
        <a
          className="icon-button"
          href={url}
          download={file.name}
          aria-label={`Download ${file.name}`}
          title="Download"
        >
          <Icon name="download" />
        </a>
      </figcaption>
      {kind === 'picture' && <Picture file={file} url={url} />}
      {kind === 'text' && <TextPreview url={url} />}
    </figure>
  );
}

/** Files of a message: pictures and texts are shown, all can be downloaded. */
export function Files({ files }: { files: readonly SlackFile[] | undefined }) {
  if (!files || files.length === 0) return null;
  return (
    <div className="files">
      {files.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
    </div>
  );
}
