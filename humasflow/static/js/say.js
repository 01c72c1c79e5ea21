// Words for scripts come from the page, in the reader's language: <body data-say-…>.
export const say = (key) => document.body.dataset[`say${key[0].toUpperCase()}${key.slice(1)}`] ?? "";
