/** What the Worker's page brings along. */

export interface Opening {
  readonly token: string;
  readonly clientId: string;
  /** Allows the styles that the console makes. */
  readonly nonce: string | undefined;
}

/** The console's addresses are under this path. */
export const BASE = "/console";

/** Takes the session's token out of the document and the address bar, at once and for good. */
export function takeOpening(document: Document, history: History): Opening {
  const take = (name: string): string => {
    const meta = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
    meta?.remove();
    return meta?.content ?? "";
  };
  const token = take("session-token");
  const path = take("console-path") || "/";
  history.replaceState(null, "", BASE + (path.startsWith("/") ? path : "/"));
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  return { token, clientId: token.split(".", 1)[0] ?? "", nonce };
}
