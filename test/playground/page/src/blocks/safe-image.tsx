import { useState } from 'react';

/** A picture from a web address; its description where it cannot be loaded. */
export function SafeImage({ url, alt }: { url: unknown; alt: string }) {
  const [broken, setBroken] = useState(false);
  const allowed = typeof url === 'string' && /^(?:https?:|data:image\/(?:png|jpeg|gif|webp))/i.test(url);
  if (!allowed || broken) {
    return (
      <span className="image-missing" role="img" aria-label={alt}>
        🖼 {alt}
      </span>
    );
  }
  return (
    <img src={url} alt={alt} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
  );
}
