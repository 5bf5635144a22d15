"""Pages run in Streamlit's own tester, which looks for components at each run anew."""

import functools

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> None:
    # No package comes or goes while tests run, and reading all their descriptions takes longer
    # than the pages do.
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield
