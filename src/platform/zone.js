// Time zones as the runtime's own Intl has them, so that no tables lie in the wasm.

// Making a formatter takes long, asking one does not. A few zones serve most stores.
const known = new Map();
const MOST_KNOWN = 50;

// The formatter of an IANA zone; undefined if the runtime knows no such zone. Intl also takes bare offsets.
export function zone(name) {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  let formatter = known.get(name);
  if (formatter) return formatter;
  try {
    formatter = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, formatter);
  return formatter;
}

// Seconds east of UTC at a moment in Unix seconds. A text ends in "GMT", "GMT-06:00" or, long ago, "GMT-00:01:15".
export function offset(formatter, seconds) {
  const [, sign, hours, minutes, rest] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(formatter.format(seconds * 1000));
  if (!sign) return 0;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest ?? 0);
  return sign === "-" ? -size : size;
}
