"""Programs that come as npm packages."""

from pathlib import Path

from tests.servers.programs import alone, cache_folder, find_program, run


def ensure_npm(name: str, *packages: str) -> Path:
    """A folder of its own with these packages (``name@version``), installed once. Raises Missing, DidNotStart."""
    folder = cache_folder(name)
    with alone(folder):
        complete = folder / "complete"
        if not complete.exists() or complete.read_text() != " ".join(packages):
            (folder / "package.json").write_text('{"private": true}')
            npm = find_program("npm", package="npm")
            run([npm, "install", "--no-audit", "--no-fund", *packages], cwd=folder, seconds=1800)
            complete.write_text(" ".join(packages))
    return folder
