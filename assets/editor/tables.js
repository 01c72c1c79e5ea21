/**
 * Tables: a grid of cells with an optional heading row. Columns share the width by themselves, so nothing here needs a
 * style attribute. Tab goes from cell to cell and leaves the text after the last one: a keyboard is never trapped.
 */
import { Node, mergeAttributes } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import {
  CellSelection, addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, goToNextCell,
  isInTable, tableEditing, toggleHeaderRow,
} from "@tiptap/pm/tables";

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.min(Math.max(Number.parseInt(element.getAttribute(name) ?? "1", 10) || 1, 1), 50),
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});

const cell = (name, tag, tableRole) =>
  Node.create({
    name,
    tableRole,
    content: "(paragraph | bulletList | orderedList)+",
    isolating: true,
    addAttributes: () => ({ colspan: span("colspan"), rowspan: span("rowspan") }),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, mergeAttributes(HTMLAttributes), 0],
  });

export const TableCell = cell("tableCell", "td", "cell");
export const TableHeader = cell("tableHeader", "th", "header_cell");

export const TableRow = Node.create({
  name: "tableRow",
  tableRole: "row",
  content: "(tableCell | tableHeader)+",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

const run = (command) => () => ({ state, dispatch }) => command(state, dispatch);

export const Table = Node.create({
  name: "table",
  tableRole: "table",
  group: "block",
  content: "tableRow+",
  isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
  extendNodeSchema: (extension) => ({ tableRole: extension.config.tableRole }),

  addNodeView: () => () => {
    const dom = document.createElement("div");
    dom.className = "table-scroll";
    const table = dom.appendChild(document.createElement("table"));
    return { dom, contentDOM: table.appendChild(document.createElement("tbody")) };
  },

  addCommands() {
    return {
      insertTable: (rows = 3, columns = 3) => ({ tr, dispatch, state }) => {
        const { tableCell, tableHeader, tableRow, table, paragraph } = state.schema.nodes;
        const line = (type) => tableRow.create(null, Array.from({ length: columns }, () => type.createAndFill()));
        const made = table.create(null, [line(tableHeader), ...Array.from({ length: rows - 1 }, () => line(tableCell))]);
        if (dispatch) {
          const at = tr.selection.from;
          tr.replaceSelectionWith(made);
          const start = findFrom(tr.doc, at, "table");
          const end = start + made.nodeSize;
          // Somewhere to go on writing.
          if (!tr.doc.nodeAt(end)) tr.insert(end, paragraph.create());
          tr.setSelection(TextSelection.near(tr.doc.resolve(start + 1))).scrollIntoView();
        }
        return true;
      },
      addRowAbove: run(addRowBefore),
      addRowBelow: run(addRowAfter),
      removeRow: run(deleteRow),
      addColumnLeft: run(addColumnBefore),
      addColumnRight: run(addColumnAfter),
      removeColumn: run(deleteColumn),
      toggleHeadings: run(toggleHeaderRow),
      removeTable: run(deleteTable),
    };
  },

  addKeyboardShortcuts() {
    const wholeTable = () => {
      const { selection } = this.editor.state;
      return selection instanceof CellSelection && selection.isColSelection() && selection.isRowSelection()
        ? this.editor.commands.removeTable()
        : false;
    };
    return {
      Tab: () => goToNextCell(1)(this.editor.state, this.editor.view.dispatch),
      "Shift-Tab": () => goToNextCell(-1)(this.editor.state, this.editor.view.dispatch),
      Backspace: wholeTable,
      Delete: wholeTable,
    };
  },

  addProseMirrorPlugins: () => [tableEditing()],
});

function findFrom(doc, from, name) {
  let found = from;
  doc.nodesBetween(Math.max(from - 2, 0), doc.content.size, (node, pos) => {
    if (node.type.name === name && found === from && pos >= from - 2) found = pos;
    return found === from;
  });
  return found;
}

export const inTable = (editor) => isInTable(editor.state);
