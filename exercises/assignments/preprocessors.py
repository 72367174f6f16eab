"""How nbgrader treats the assignment notebooks: what its own steps do not do."""

from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor


class StarterFiles(NbGraderPreprocessor):
    """Put the exercise's starter where the solution stands.

    nbgrader's own step would put one and the same stub into every cell.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], _index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        starter = cell.metadata.pop("starter", None)
        if starter is not None:
            cell.source = starter
        return cell, resources


class SurvivingExecute(Execute):
    """Run a notebook to its end, even when one of its cells ends the kernel.

    That cell gets an error as its output, and all others run without it: what they
    earn is not lost.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], retries: int | None = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        deadly: dict[int, str] = {}
        while True:
            self.running = -1
            try:
                nb, resources = super().preprocess(nb, resources, retries)
                break
            except DeadKernelError:
                if self.running < 0 or self.running in deadly:
                    raise
                cell = nb.cells[self.running]
                deadly[self.running] = cell.source
                cell.source = 'raise SystemError("this cell ended the kernel")'
        for index, source in deadly.items():
            nb.cells[index].source = source
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int, **options: Any
    ) -> Any:
        self.running = index
        return super().preprocess_cell(cell, resources, index, **options)


class StrayLines(NbGraderPreprocessor):
    """Turn lines on standard error into lines on standard output.

    nbgrader takes every line on standard error in a graded cell for a failure; a
    warning that some library prints must not cost the points.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], _index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        for number, output in enumerate(cell.get("outputs", [])):
            if output.output_type == "stream" and output.name == "stderr":
                cell.outputs[number] = new_output("stream", name="stdout", text=output.text)
        return cell, resources
