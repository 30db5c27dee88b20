// What workerd loads: it makes the wasm instance, answers a signature that needs nothing but memory,
// and hands everything else to Rust. `imports.js` is made by scripts/bundle.mjs.
import * as rust from "./index_bg.js";
import imports from "./imports.js";
import module from "./index.wasm";

const instance = new WebAssembly.Instance(module, imports);
rust.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start?.();

// A trap leaves the frames it cut off on the wasm stack. Every event enters with an empty stack, so
// each entry below puts it back to the top; src/platform/contain.rs has the rest of the story.
const stack = instance.exports.__stack_pointer;
const top = stack.value;
const enter = () => {
  if (stack.value !== top) stack.value = top;
};

// A token goes in and a body comes out through one place in wasm memory: nothing to allocate and to free, and the
// runtime copies the whole text at once. Growing the memory cuts every view of it off, to a length of zero.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let desk = new Uint8Array();
const deskOf = () => {
  if (desk.length === 0) desk = new Uint8Array(instance.exports.memory.buffer, rust.desk(), rust.desk_bytes());
  return desk;
};

const SIGNATURE = "/api/v1/merchant/ordergroove/signature";
const MOST_PAGES = 512;

// Who asks, by client id and origin: what Rust holds for the pair, and what a good answer is made after. As a response,
// which the runtime copies faster than it reads options.
const pages = new Map();

function pageOf(client, origin) {
  const key = `${client} ${origin}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const handle = rust.hold_page(client, origin);
  if (handle === 0) return undefined;
  const headers = new Headers({
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "origin",
  });
  if (origin !== "") headers.set("access-control-allow-origin", origin);
  if (pages.size >= MOST_PAGES) pages.clear();
  const page = { key, handle, pattern: new Response(null, { headers }) };
  pages.set(key, page);
  return page;
}

// The seconds of a query that is nothing but `ts`, 0 for no query, -1 for what the long way must read.
function secondsOf(query) {
  if (query === "") return 0;
  return /^\?ts=\d{10}$/.test(query) ? Number(query.slice(4)) : -1;
}

function signFromMemory(request) {
  const { url, headers } = request;
  const path = url.indexOf("/", 8);
  if (!url.startsWith(SIGNATURE, path) || headers.get("authorization") !== "BigCommerce") return undefined;
  const seconds = secondsOf(url.slice(path + SIGNATURE.length));
  if (seconds < 0) return undefined;
  const page = pageOf(headers.get("authorization-client") ?? "", headers.get("origin") ?? "");
  if (page === undefined) return undefined;
  const place = deskOf();
  const { written } = encoder.encodeInto(headers.get("signed-payload") ?? "", place);
  const bytes = rust.sign_from_memory(page.handle, written, seconds);
  if (bytes === 0) {
    // Refused or grown old: the long way says which, and the next call holds the page anew.
    pages.delete(page.key);
    return undefined;
  }
  return new Response(decoder.decode(deskOf().subarray(0, bytes)), page.pattern);
}

// Should it trap, the long way answers, and says so in the log.
function signedOrNothing(request) {
  try {
    return request.method === "GET" ? signFromMemory(request) : undefined;
  } catch {
    enter();
    return undefined;
  }
}

export default {
  fetch(request, env, context) {
    enter();
    return signedOrNothing(request) ?? rust.fetch(request, env, context);
  },
  scheduled(event, env, context) {
    enter();
    return rust.scheduled(event, env, context);
  },
};

const entered = (base) =>
  class extends base {
    fetch(request) {
      enter();
      return super.fetch(request);
    }
    alarm() {
      enter();
      return super.alarm();
    }
  };

export const CatalogObject = entered(rust.CatalogObject);
export const RegistryObject = entered(rust.RegistryObject);
export const StoreObject = entered(rust.StoreObject);
