// One call to another party, with one crossing each way: [status, text], or an Error with the reason.
// `headers` is a JSON list of pairs; `patience` is in milliseconds and covers the whole answer.
export async function send(method, url, headers, body, patience, longest) {
  const signal = AbortSignal.timeout(patience);
  const answer = await fetch(url, { method, headers: JSON.parse(headers), body, redirect: "manual", signal });
  const length = Number(answer.headers.get("content-length") ?? NaN);
  if (length <= longest) return [answer.status, await answer.text()];
  const decoder = new TextDecoder();
  let text = "";
  let left = longest;
  for await (const chunk of answer.body ?? []) {
    left -= chunk.byteLength;
    if (left < 0) throw new Error("answer too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return [answer.status, text + decoder.decode()];
}
