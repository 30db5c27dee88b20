// One call to another party, with one crossing each way: [status, text, the wanted headers...], or an Error with
// the reason. The text is null if it is longer than `longest` bytes. `headers` is a JSON list of pairs, `wanted` a
// list of names with commas; `patience` is in milliseconds and covers the whole answer.
export async function send(method, url, headers, body, patience, longest, wanted) {
  const signal = AbortSignal.timeout(patience);
  const answer = await fetch(url, { method, headers: JSON.parse(headers), body, redirect: "manual", signal });
  const named = wanted ? wanted.split(",").map((name) => answer.headers.get(name)) : [];
  return [answer.status, await text(answer, longest), ...named];
}

async function text(answer, longest) {
  const length = Number(answer.headers.get("content-length") ?? NaN);
  if (length <= longest) return answer.text();
  const decoder = new TextDecoder();
  let text = "";
  let left = longest;
  for await (const chunk of answer.body ?? []) {
    left -= chunk.byteLength;
    if (left < 0) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
