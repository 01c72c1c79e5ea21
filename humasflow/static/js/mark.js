// Loaded before the page is drawn, so that what exists for pages without scripts never flashes by.
document.documentElement.classList.add("js");
