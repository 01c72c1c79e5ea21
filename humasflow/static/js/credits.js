// The credit line from its pattern, as the server writes it: parts divided by " / ", one without its people is left out.
export function creditLine(pattern, people) {
  let named = false;
  const parts = [];
  for (const part of pattern.split(" / ")) {
    const names = [...part.matchAll(/\{([a-z_]+)\}/g)].map((m) => m[1]);
    if (names.some((name) => !people[name])) continue;
    named ||= names.length > 0;
    parts.push(part.replace(/\{([a-z_]+)\}/g, (_m, name) => people[name]).trim());
  }
  return named ? parts.filter(Boolean).join(" / ") : "";
}

export const listed = (names) => [...new Set(names.map((n) => n.trim()).filter(Boolean))].join(", ");
