"""Run the first code cell of each notebook given: it compiles what the notebook needs.

python tools/first_cells.py notebooks/rust-*.md
"""

import sys
from pathlib import Path

import jupytext
import nbclient


def run_first_cell(path: Path) -> None:
    notebook = jupytext.read(path)
    number, cell = next((n, c) for n, c in enumerate(notebook.cells) if c.cell_type == "code")
    client = nbclient.NotebookClient(
        notebook,
        timeout=600,
        kernel_name=notebook.metadata.kernelspec.name,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with client.setup_kernel():
        client.execute_cell(cell, number)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(f"compiling what {argument} needs")
        run_first_cell(Path(argument))
