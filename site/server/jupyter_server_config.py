"""The one server of `make serve` and `make lab`: JupyterLab, and the book at /book/.

It listens on loopback only, and lets in who has the token in the address that it
prints. What is said here can be said otherwise on the command line (ARGS="...").
"""

import os
import secrets
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Where the extension below is found.
sys.path.insert(0, str(HERE))

c = get_config()  # noqa: F821 (Jupyter puts it here)

c.ServerApp.jpserver_extensions = {"book_server": True, "jupyterlab_jupytext": True}
c.ServerApp.kernel_websocket_connection_class = "kernel_connection.PatientConnection"
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port_retries = 50
c.ServerApp.root_dir = str(ROOT)
c.ServerApp.allow_root = True  # in a container there is nobody else
c.ServerApp.answer_yes = True  # Ctrl-C stops it, without a question
c.ServerApp.open_browser = sys.platform == "darwin" or any(
    os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
)
# One of our own, because Jupyter prints three addresses for one that it makes itself.
c.IdentityProvider.token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
c.Application.log_level = "WARN"

# Kernels of pages that were closed end after an hour without work.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300

# Nothing is asked from the outside, and no pop-up offers to.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.app_settings_dir = str(HERE / "settings")
