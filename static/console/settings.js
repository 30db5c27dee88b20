// The settings page: reads the settings, shows a form, saves what was changed.
// The session's token lives in this script's memory only; it leaves the document and the address bar at once.

const meta = document.querySelector('meta[name="session-token"]');
const token = meta?.content ?? "";
meta?.remove();
history.replaceState(null, "", "/console/");

const root = document.getElementById("settings");

const SECTIONS = [
  {
    title: "Ordergroove",
    text: "Ordergroove gave you these when your account was set up.",
    fields: [
      { path: "ordergroove.merchant_id", label: "Merchant ID", help: "From Ordergroove's onboarding e-mail." },
      { path: "ordergroove.secret_key", label: "Secret key", secret: true, help: "The hash key: 32 characters." },
      { path: "ordergroove.api_key", label: "REST API key", secret: true, help: "Optional. With it, subscriptions are looked up with the app's own key." },
    ],
  },
  {
    title: "Addresses",
    text: "Filled in for your environment. Change them only if Ordergroove asks you to; empty puts the default back.",
    fields: [
      { path: "ordergroove.api_url", label: "API endpoint", type: "url" },
      { path: "ordergroove.subscription_url", label: "Subscription creation endpoint", type: "url" },
      { path: "ordergroove.rest_url", label: "REST endpoint", type: "url" },
      { path: "ordergroove.static_url", label: "Scripts", type: "url" },
    ],
  },
  {
    title: "Product feed (SFTP)",
    text: "Where product feeds are delivered.",
    fields: [
      { path: "sftp.host", label: "Server address" },
      { path: "sftp.port", label: "Port", type: "number" },
      { path: "sftp.username", label: "User" },
      { path: "sftp.password", label: "Password", secret: true },
      { path: "sftp.private_key", label: "Private key", secret: true, multiline: true, help: "Instead of a password." },
      { path: "sftp.directory", label: "Folder" },
    ],
  },
];

const FIELDS = SECTIONS.flatMap((section) => section.fields);
const idOf = (path) => path.replace(".", "-");
const valueAt = (settings, path) => path.split(".").reduce((part, key) => part?.[key], settings);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

class Refused extends Error {
  constructor(status, body) {
    super(body.message ?? "The service did not answer as it should. Try again in a minute.");
    this.status = status;
    this.errors = body.errors ?? [];
    this.requestId = body.request_id;
  }
}

async function call(method, body) {
  const response = await fetch("/console/api/settings", {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw new Refused(0, { message: "The service could not be reached. Check your connection and try again." });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

function field(spec, settings) {
  const id = idOf(spec.path);
  const described = [spec.help && `${id}-help`, `${id}-error`].filter(Boolean).join(" ");
  const value = valueAt(settings, spec.path);
  return element(
    "div",
    { "data-field": spec.path },
    element("label", { for: id, id: `${id}-label` }, spec.label),
    spec.secret ? secret(spec, value.set, described) : input(spec, value, described),
    spec.help && element("p", { class: "help", id: `${id}-help` }, spec.help),
    element("p", { class: "error", id: `${id}-error`, hidden: true }),
  );
}

function input(spec, value, described) {
  const made = element(spec.multiline ? "textarea" : "input", {
    id: idOf(spec.path),
    name: spec.path,
    type: spec.multiline ? undefined : (spec.type ?? "text"),
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": described,
  });
  made.value = value;
  made.defaultValue = value;
  return made;
}

// A secret that is set is never shown: it can be replaced or removed.
function secret(spec, isSet, described) {
  const fresh = () => {
    const made = input({ ...spec, type: "password" }, "", described);
    if (!spec.multiline) made.autocomplete = "new-password";
    return made;
  };
  if (!isSet) return fresh();
  const row = element("div", { class: "secret" }, element("span", { class: "set" }, "✓ Set"));
  const swap = (content) => {
    row.replaceWith(content);
    (content.matches("input, textarea") ? content : content.querySelector("button"))?.focus();
    changed();
  };
  row.append(
    element("button", { type: "button", class: "quiet", "aria-label": `Replace ${spec.label}`, click: () => swap(fresh()) }, "Replace"),
    element("button", { type: "button", class: "quiet", "aria-label": `Remove ${spec.label}`, click: () => swap(removed(spec, row)) }, "Remove"),
  );
  return row;
}

function removed(spec, before) {
  const undo = element("button", { type: "button", class: "quiet", "aria-label": `Keep ${spec.label}` }, "Keep it");
  const row = element("div", { class: "secret", "data-removed": spec.path }, "Will be removed when you save.", undo);
  undo.addEventListener("click", () => {
    row.replaceWith(before);
    changed();
  });
  return row;
}

// Only what was changed is sent, so that two people do not undo each other's work.
function patch() {
  const changes = {};
  const put = (path, value) => {
    const [section, name] = path.split(".");
    (changes[section] ??= {})[name] = value;
  };
  for (const made of root.querySelectorAll("input, textarea")) {
    if (made.value === made.defaultValue) continue;
    put(made.name, made.type === "number" ? Number(made.value) : made.value);
  }
  for (const row of root.querySelectorAll("[data-removed]")) put(row.dataset.removed, null);
  return changes;
}

function changed() {
  const dirty = Object.keys(patch()).length > 0;
  root.querySelector("#save").disabled = !dirty;
  if (dirty) outcome("", "");
}

function outcome(kind, text) {
  const line = root.querySelector(".outcome");
  line.dataset.outcome = kind;
  line.textContent = text;
}

function showErrors(errors) {
  for (const spec of FIELDS) {
    const id = idOf(spec.path);
    const found = errors.find((error) => error.field === spec.path);
    const line = document.getElementById(`${id}-error`);
    line.textContent = found?.message ?? "";
    line.hidden = !found;
    document.getElementById(id)?.setAttribute("aria-invalid", found ? "true" : "false");
  }
  const first = FIELDS.find((spec) => errors.some((error) => error.field === spec.path));
  if (first) document.getElementById(idOf(first.path))?.focus();
}

async function save(event) {
  event.preventDefault();
  const button = root.querySelector("#save");
  button.disabled = true;
  outcome("saving", "Saving…");
  try {
    show(await call("PATCH", patch()));
    outcome("saved", "Saved.");
  } catch (error) {
    button.disabled = false;
    showErrors(error.errors ?? []);
    outcome("failed", error.message + (error.status >= 500 && error.requestId ? ` (${error.requestId})` : ""));
  }
}

function show(settings) {
  const sections = SECTIONS.map((section, number) =>
    element(
      "section",
      { class: "panel", "aria-labelledby": `section-${number}` },
      element("h2", { id: `section-${number}` }, section.title),
      element("p", { class: "help" }, section.text),
      element("div", { class: "fields" }, ...section.fields.map((spec) => field(spec, settings))),
    ),
  );
  const actions = element(
    "div",
    { class: "actions" },
    element("p", { class: "outcome", role: "status" }),
    element("button", { type: "submit", id: "save", disabled: true }, "Save"),
  );
  root.replaceChildren(element("form", { novalidate: true, submit: save, input: changed }, ...sections, actions));
  root.dataset.state = "ready";
}

function showFailure(error) {
  root.dataset.state = "failed";
  const again = element("button", { type: "button", click: load }, "Try again");
  root.replaceChildren(
    element("section", { class: "panel", role: "alert" }, element("p", {}, error.message), error.status === 401 ? undefined : again),
  );
}

async function load() {
  try {
    show(await call("GET"));
  } catch (error) {
    showFailure(error);
  }
}

addEventListener("beforeunload", (event) => {
  if (root.dataset.state === "ready" && Object.keys(patch()).length > 0) event.preventDefault();
});
load();
