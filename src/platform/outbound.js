// One call to another party, with one crossing each way: [status, bytes, the wanted headers...], or an Error with
// the reason. The bytes are null if there are more than `longest`. `headers` is a JSON list of pairs, `wanted` a
// list of names with commas; `patience` is in milliseconds and covers the whole answer.
//
// Bytes and not text: Rust takes them over in one piece, a text letter by letter.
export async function send(method, url, headers, body, patience, longest, wanted) {
  // Not AbortSignal.timeout: its timer runs on after the answer, and the runtime allows 10,000 of them at a time.
  const patient = new AbortController();
  const timer = setTimeout(() => patient.abort(new DOMException("no answer in time", "TimeoutError")), patience);
  try {
    const { signal } = patient;
    const answer = await fetch(url, { method, headers: JSON.parse(headers), body, redirect: "manual", signal });
    const named = wanted ? wanted.split(",").map((name) => answer.headers.get(name)) : [];
    return [answer.status, await bytes(answer, longest), ...named];
  } finally {
    clearTimeout(timer);
  }
}

async function bytes(answer, longest) {
  const length = Number(answer.headers.get("content-length") ?? NaN);
  if (length <= longest) return new Uint8Array(await answer.arrayBuffer());
  const chunks = [];
  let left = longest;
  for await (const chunk of answer.body ?? []) {
    left -= chunk.byteLength;
    if (left < 0) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
