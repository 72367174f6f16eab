"""The connection of a page to its kernel, which waits until the kernel answers.

Jupyter asks a kernel that it connects to twice a second whether it is there, on
channels that it closes at the first answer. evcxr takes seconds to start, answers
all of these questions then, and ends when it writes to a closed channel (seen with
evcxr_jupyter 0.22: "Broken pipe", and the kernel is started once more). So a kernel is
asked once, and only one that has answered is asked as Jupyter does.
"""

import asyncio
from contextlib import suppress
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PatientConnection(ZMQChannelsWebsocketConnection):
    def nudge(self) -> asyncio.Future[None]:
        return asyncio.ensure_future(self._nudge_when_it_answers())

    async def _nudge_when_it_answers(self) -> None:
        answered: asyncio.Future[Any] = asyncio.Future()
        control = self.kernel_manager.connect_control()
        try:
            control.on_recv(lambda answer: answered.done() or answered.set_result(answer))
            self.session.send(control, "kernel_info_request")
            # Without an answer in time, Jupyter's own way tells what there is to tell.
            with suppress(TimeoutError):
                await asyncio.wait_for(answered, self.kernel_info_timeout)
        finally:
            control.close()
        await super().nudge()
