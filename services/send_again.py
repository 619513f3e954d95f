"""Send letters again that came back, once the mailbox or its server takes them."""

from sqlalchemy import exists, select

from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.notices.records import notice
from services.notices.tasks import open_task_about
from services.notices.undelivered import go_again, on_its_way
from services.words import mark


class NothingToSend(DomainError):
    """No letter about the registration lies undelivered any more."""

    code = "notices.nothing_to_send"
    sentence = mark("No letter to this person is left to send. Nothing was changed.")


def send_again(work: Work, task_id: int) -> None:
    """Let the undelivered letters about a task's registration go again; a second click adds none.

    Raises:
        NotFound, NotPermitted: no task about a person of the actor's institution.
        TaskDone: the task is closed.
        NothingToSend: everything has arrived, was read in the portal, or comes too late.
    """
    task = open_task_about(work, task_id)
    about = notice.c.registration_id == task.registration_id
    if not go_again(work, about) and not work.scalar(select(exists().where(about, on_its_way()))):
        raise NothingToSend
