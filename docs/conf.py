"""How Sphinx builds this site; what is drawn from the code is written by `_ext/from_code.py`."""

import gc
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

import eisfit  # noqa: E402

gc.freeze()
gc.set_threshold(200_000, 20, 50)  # pages are millions of nodes, of which few are garbage

project = "eisfit"
author = "The eisfit developers"
copyright = "The eisfit developers; MIT licence"
version = release = eisfit.__version__

extensions = [
    "from_code",
    "mathtext",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "README.md", "gallery", "generated/parts"]
nitpicky = True
default_role = "code"
show_warning_types = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist", "substitution"]
myst_heading_anchors = 3
myst_dmath_double_inline = True

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "generated/gallery",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": "gallery_figures.figures",
    "reset_modules": (),  # a figure of eisfit changes no setting of Matplotlib
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": float("inf"),
}

html_math_renderer = "mathtext"
html_theme = "pydata_sphinx_theme"
html_title = f"eisfit {release}"
html_static_path = ["_static"]
html_css_files = ["eisfit.css"]
html_show_sourcelink = False
alone = (
    "tutorial",
    "folders",
    "measured_pellet",
    "troubleshooting",
    "reporting",
    "tables",
    "figures",
    "formats",
    "house",
    "contributing",
    "decisions",
    "changelog",
)
html_sidebars: dict[str, list[str]] = {
    page: []
    for page in (*alone, "generated/cli", "generated/elements", "generated/gallery/*", "generated/samples")
}
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "show_prev_next": True,
    "show_toc_level": 2,
    "header_links_before_dropdown": 8,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
