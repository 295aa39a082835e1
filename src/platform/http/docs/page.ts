export interface Page {
  readonly title: string;
  /** Markup; texts in it are escaped already. */
  readonly body: string;
  readonly stylesheet?: string;
}

/** Pages load only what this service serves; the documentation's library sets style attributes of its own. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

export function page({ title, body, stylesheet }: Page): string {
  const style = stylesheet === undefined ? '' : `<link rel="stylesheet" href="${stylesheet}">\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
${style}<title>${escapeHtml(title)}</title>
</head>
<body>
${body}
</body>
</html>
`;
}
