// The core without the plugins that are not used (Swap, MultiDrag); AutoScroll is part of the default build.
export { default } from "sortablejs/modular/sortable.esm.js";
