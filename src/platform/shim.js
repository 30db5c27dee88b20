// What workerd loads: it makes the wasm instance, takes the short way to Rust for a shopper's page whose app is in
// memory, and the long one for everything else. `imports.js` is made by scripts/bundle.mjs.
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
const STATUS = "/api/v1/ordergroove/customer/has_subscriptions";
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

// The page that asks, with its token put on the desk.
function enteredPage(headers) {
  if (headers.get("authorization") !== "BigCommerce") return undefined;
  const page = pageOf(headers.get("authorization-client") ?? "", headers.get("origin") ?? "");
  if (page !== undefined) page.length = encoder.encodeInto(headers.get("signed-payload") ?? "", deskOf()).written;
  return page;
}

function signFromMemory(headers, seconds) {
  const page = seconds < 0 ? undefined : enteredPage(headers);
  if (page === undefined) return undefined;
  const bytes = rust.sign_from_memory(page.handle, page.length, seconds);
  if (bytes === 0) return forgotten(page);
  return new Response(decoder.decode(deskOf().subarray(0, bytes)), page.pattern);
}

function statusFromMemory(headers) {
  const page = enteredPage(headers);
  if (page === undefined) return undefined;
  const status = rust.status_from_memory(page.handle, page.length, headers.get("cf-ray") ?? undefined);
  if (status === undefined) return forgotten(page);
  // A response of Rust's says what went wrong.
  const answer = (told) =>
    typeof told === "number" ? new Response(`{"status":${told}}`, page.pattern) : told;
  return typeof status === "number" ? answer(status) : status.then(answer);
}

// Refused or grown old: the long way says which, and the next call holds the page anew.
function forgotten(page) {
  pages.delete(page.key);
  return undefined;
}

function fromMemory({ url, headers }) {
  const path = url.indexOf("/", 8);
  if (url.startsWith(SIGNATURE, path)) return signFromMemory(headers, secondsOf(url.slice(path + SIGNATURE.length)));
  return url.endsWith(STATUS) && url.length === path + STATUS.length ? statusFromMemory(headers) : undefined;
}

// Should it trap, the long way answers, and says so in the log.
function answeredOrNothing(request) {
  try {
    return request.method === "GET" ? fromMemory(request) : undefined;
  } catch {
    enter();
    return undefined;
  }
}

export default {
  fetch(request, env, context) {
    enter();
    return answeredOrNothing(request) ?? rust.fetch(request, env, context);
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
