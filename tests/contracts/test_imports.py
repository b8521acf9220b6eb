"""No module imports another that, by whichever way, imports it: not for types and not inside a function either."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("lineofsight", "benchmarks", "docs", "tests")


def cycle_in(graph: grimp.ImportGraph) -> list[str]:
    """The modules of one cycle, the first again at the end; nothing where there is none."""
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_modules_import_each_other() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    assert len(graph.modules) > 300, "modules are no longer found"
    assert cycle_in(graph) == []


@pytest.mark.parametrize("length", [2, 3])
def test_a_cycle_is_found(length: int) -> None:
    graph = grimp.ImportGraph()
    names = [f"module_{number}" for number in range(length)]
    for importer, imported in zip(names, [*names[1:], names[0]], strict=True):
        graph.add_import(importer=importer, imported=imported)
    graph.add_import(importer="above", imported=names[0])
    cycle = cycle_in(graph)
    assert set(cycle) == set(names)
    assert cycle[0] == cycle[-1]
