// Draws the board: a table with links, stars and headings that sort; on narrow places a list of cards.
// Belongs here: what a browser has to do. Does not belong here: a word or a number (they come from
// Python), or a colour (board.css). Every text is set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
// Where a table has less room than this, its rows are cards.
const TABLE_WIDTH = 600;
const ROOMY_WIDTH = 780;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".board");
  const kept = (parentElement.kept ??= { column: null, descending: false });
  const focused = focusOf(place);
  const board = { data, kept, rows: [], trigger: setTriggerValue };
  place.replaceChildren(...legends(board, colours(place)), sorter(board), table(board), status(board));
  place.classList.toggle("is-few", data.layout === "cards");
  if (data.columns.some((column) => column.key === kept.column)) arrange(board);
  if (focused) place.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  const fit = () => {
    const { width } = place.getBoundingClientRect();
    place.classList.toggle("is-cards", width < TABLE_WIDTH || data.layout === "cards");
    place.classList.toggle("is-tight", width < ROOMY_WIDTH);
  };
  fit();
  const watching = new ResizeObserver(fit);
  watching.observe(place);
  return () => watching.disconnect();
}

function focusOf(place) {
  const active = place.getRootNode().activeElement;
  return place.contains(active) ? active.dataset.focus : undefined;
}

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function table(board) {
  const { data } = board;
  board.headings = data.columns.map((column) => heading(board, column));
  board.rows = data.rows.map((row) => ({ row, drawn: drawnRow(board, row) }));
  board.body = make("tbody", { role: "rowgroup" }, ...board.rows.map(({ drawn }) => drawn));
  const head = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...board.headings));
  const caption = make("caption", {}, data.caption);
  return make("table", { role: "table", "aria-label": data.caption }, caption, head, board.body);
}

function heading(board, column) {
  const attributes = { scope: "col", role: "columnheader", class: `is-${column.form}` };
  if (!column.sorts) {
    return make("th", attributes, make("span", { class: "unseen" }, column.label));
  }
  const button = make(
    "button",
    { type: "button", title: column.help, "data-focus": `sort ${column.key}` },
    column.label,
    make("span", { class: "arrow", "aria-hidden": "true" }),
  );
  button.addEventListener("click", () => sortBy(board, column));
  return make("th", { ...attributes, "aria-sort": "none" }, button);
}

function drawnRow(board, row) {
  const cells = board.data.columns.map((column) => {
    const isName = column.key === board.data.head;
    const attributes = isName
      ? { scope: "row", role: "rowheader", class: `is-${column.form} is-head` }
      : { role: "cell", class: `is-${column.form}` };
    const label = make("span", { class: "label", "aria-hidden": "true" }, column.label);
    const value = column.form === "star" ? star(board, row) : content(board, row, row.cells[column.key]);
    return make(isName ? "th" : "td", attributes, label, value);
  });
  return make("tr", { role: "row" }, ...cells);
}

function content(board, row, cell) {
  if (cell?.items) return list(cell.items);
  if (!cell) return make("span", { class: "value" }, board.data.words.none);
  const plain = make("span", { class: `text ${cell.tone ?? ""}` }, cell.text ?? board.data.words.none);
  const text = cell.href && cell.text !== null ? link(board, row, cell) : plain;
  const spoken = cell.note_label ? make("span", { class: "unseen" }, ` ${cell.note_label}`) : null;
  const note = cell.note ? make("span", { class: `note ${cell.note_tone ?? ""}` }, cell.note, spoken) : null;
  const more = cell.more ? make("span", { class: "note" }, link(board, row, cell.more)) : null;
  const lines = make("span", { class: "lines" }, text, note, more, bar(cell), stack(board, cell), spark(cell));
  return make("span", { class: "value" }, picture(cell), lines);
}

function list(items) {
  return make("ul", { class: "items" }, ...items.map((item) => make("li", {}, item)));
}

function link(board, row, cell) {
  if (cell.away) {
    return make("a", { href: cell.href, target: "_blank", rel: "noopener noreferrer" }, cell.text);
  }
  const focus = `open ${row.key} ${cell.href}`;
  const made = make("a", { href: cell.href, target: "_self", "data-focus": focus }, cell.text);
  made.addEventListener("click", (event) => {
    // With a key held, the browser opens the address itself, in another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    board.trigger("opened", cell.href);
  });
  return made;
}

function picture(cell) {
  if (!cell.image) return null;
  const attributes = { src: cell.image, alt: "", width: 64, height: 36, loading: "lazy" };
  const made = make("img", { ...attributes, referrerpolicy: "no-referrer" });
  made.addEventListener("error", () => made.remove());
  return made;
}

function bar(cell) {
  if (cell.part === undefined || cell.part === null) return null;
  const filled = make("span", {});
  filled.style.inlineSize = `${Math.min(Math.max(cell.part, 0), 1) * 100}%`;
  return make("span", { class: "bar", "aria-hidden": "true" }, filled);
}

// What a figure is made of: a coloured stretch for each part, told in full to whoever cannot see it.
function stack(board, cell) {
  if (!cell.parts) return null;
  const made = make("span", { class: "stack", role: "img", "aria-label": cell.parts_label, title: cell.parts_label });
  cell.parts.forEach((share, place) => {
    const part = make("span", {});
    part.style.inlineSize = `${(share ?? 0) * 100}%`;
    part.style.background = board.colours[place % board.colours.length];
    made.append(part);
  });
  return made;
}

// The theme's colours of charts, in their order.
function colours(place) {
  const listed = getComputedStyle(place).getPropertyValue("--st-chart-categorical-colors");
  return listed.split(",").map((colour) => colour.trim()).filter(Boolean);
}

function legends(board, found) {
  board.colours = found.length ? found : ["currentColor"];
  return board.data.columns.filter((column) => column.parts).map((column) => {
    const entries = column.parts.map((name, place) => {
      const sign = make("span", { class: "sign" });
      sign.style.background = board.colours[place % board.colours.length];
      return make("li", {}, sign, name);
    });
    return make("ul", { class: "legend", "aria-label": column.label }, ...entries);
  });
}

function spark(cell) {
  const values = cell.line?.values;
  if (!values || values.every((value) => value === null)) return null;
  const [width, height, edge] = [104, 26, 2];
  const low = Math.min(0, ...values.filter((value) => value !== null));
  const high = Math.max(...values.filter((value) => value !== null));
  const x = (place) => edge + (place * (width - 2 * edge)) / Math.max(values.length - 1, 1);
  const y = (value) => height - edge - ((value - low) * (height - 2 * edge)) / (high - low || 1);
  const drawn = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "spark" });
  drawn.setAttribute("aria-label", cell.line.label);
  drawn.append(...parts(values, x, y, height - edge));
  return drawn;
}

// A line for each run of seen days, a point for a day alone, and a dotted floor where none was seen.
function parts(values, x, y, floor) {
  const found = [];
  let run = [];
  const close = () => {
    if (run.length === 1) found.push(shape("circle", { cx: run[0][0], cy: run[0][1], r: 1.6 }));
    if (run.length > 1) found.push(shape("polyline", { points: run.map((at) => at.join(",")).join(" ") }));
    run = [];
  };
  values.forEach((value, place) => {
    if (value !== null) return run.push([x(place), y(value)]);
    close();
    const half = (x(1) - x(0)) / 2;
    found.push(shape("line", { class: "gap", x1: x(place) - half, x2: x(place) + half, y1: floor, y2: floor }));
  });
  close();
  return found;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function star(board, row) {
  const { words } = board.data;
  if (!row.act) return make("span", { class: "unseen" }, words.none);
  const made = make("button", { type: "button", class: "star", "data-focus": `star ${row.key}` });
  const draw = (isWatched) => {
    made.setAttribute("aria-pressed", isWatched);
    made.setAttribute("aria-label", `${words.watch}: ${row.name}`);
    made.title = isWatched ? words.watched : words.watch;
    made.textContent = isWatched ? "★" : "☆";
  };
  draw(row.watched);
  made.addEventListener("click", () => {
    draw(made.getAttribute("aria-pressed") !== "true");
    board.trigger("starred", row.act);
  });
  return made;
}

// Cards have no headings to press: a list of columns stands above them instead.
function sorter(board) {
  const { data, kept } = board;
  const choice = make("select", { "data-focus": "choice" });
  for (const column of data.columns.filter((one) => one.sorts)) {
    choice.append(make("option", { value: column.key }, column.label));
  }
  choice.value = kept.column ?? data.columns.find((one) => one.sorts)?.key;
  choice.addEventListener("change", () => {
    sortBy(board, data.columns.find((column) => column.key === choice.value));
  });
  const turn = make("button", { type: "button", "data-focus": "turn", "aria-label": data.words.turn, title: data.words.turn }, "⇅");
  turn.addEventListener("click", () => {
    sortBy(board, data.columns.find((column) => column.key === choice.value));
  });
  board.choice = choice;
  return make("div", { class: "sorter" }, make("label", {}, data.words.sort_by, " ", choice), turn);
}

function sortBy(board, column) {
  const { kept } = board;
  kept.descending = kept.column === column.key ? !kept.descending : column.descending;
  kept.column = column.key;
  arrange(board);
  const direction = board.data.words[kept.descending ? "descending" : "ascending"];
  board.said.textContent = `${board.data.words.sort_by} ${column.label}, ${direction}`;
}

function arrange(board) {
  const { data, kept, rows } = board;
  const sign = kept.descending ? -1 : 1;
  const value = ({ row }) => row.cells[kept.column]?.value ?? null;
  const ordered = [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    if (left === null || right === null) return (left === null) - (right === null);
    const order = typeof left === "string" ? left.localeCompare(right, data.language) : left - right;
    return sign * order;
  });
  board.body.append(...ordered.map(({ drawn }) => drawn));
  data.columns.forEach((column, place) => {
    if (!column.sorts) return;
    const state = column.key !== kept.column ? "none" : kept.descending ? "descending" : "ascending";
    board.headings[place].setAttribute("aria-sort", state);
  });
  board.choice.value = kept.column;
}

function status(board) {
  board.said = make("p", { class: "unseen", role: "status" });
  return board.said;
}
