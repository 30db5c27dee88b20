import { Refusal } from "./refusal.ts";

export interface Upload {
  readonly path: string;
  readonly token: string;
  readonly file: Blob;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** Sends a file and tells how far it is, which `fetch` cannot. */
export function upload({ path, token, file, signal, onProgress }: Upload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const unreachable = (): void => {
      reject(new Refusal("unreachable"));
    };
    request.open("POST", path);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.setRequestHeader("content-type", "text/csv");
    request.upload.onprogress = ({ loaded }) => {
      onProgress(loaded);
    };
    request.onload = () => {
      const retryAfter = request.getResponseHeader("retry-after");
      const headers = new Headers(retryAfter ? { "retry-after": retryAfter } : {});
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = unreachable;
    request.onabort = unreachable;
    signal.addEventListener("abort", () => {
      request.abort();
    });
    request.send(file);
  });
}
