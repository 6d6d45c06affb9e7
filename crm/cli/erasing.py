"""`crm erase`: a contact person's data, by law. The console files the case; a second person, by name, approves."""

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID, uuid4

import typer

from crm.cli.district import DataDir, application, prepared, settings
from crm.cli.progress import progress, say
from crm.cli.refusals import Commands, Failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.application import CRM
    from crm.mentions import Traces
    from crm.settings import Settings
    from domain.erasure import RequestErasure

Reason = Literal["purpose", "retention", "consent", "unlawful", "other_law"]
Basis = Literal["dispute", "inquiry", "period", "other"]

Person = Annotated[str, typer.Argument(metavar="ID", help="联系人编号 · the contact person's id")]
Number = Annotated[
    str | None, typer.Option("--file-number", help="案卷号，不要写姓名 · file number, no names", show_default=False)
]

erase = typer.Typer(
    name="erase", cls=Commands, help="删除联系人个人信息 · erase a contact person", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    erase.command(
        epilog="例 Example: crm erase person 6f1c0a52-… --reason consent --file-number 3 --approved-by wang --yes"
    )(person)
    erase.command(epilog="例 Example: crm erase hold 6f1c0a52-… --basis dispute")(hold)
    erase.command(epilog="例 Example: crm erase release 6f1c0a52-…")(release)
    app.add_typer(erase)


def person(
    id: Person,
    reason: Annotated[
        Reason,
        typer.Option(
            "--reason", "--ground",
            help="个人信息保护法第四十七条的情形：purpose 目的已实现或不再必要，retention 期限届满，consent 撤回同意，"
            "unlawful 违法处理，other_law 其他 · the ground in art. 47 PIPL",
        ),
    ],
    file_number: Number = None,
    approved_by: Annotated[
        str | None,
        typer.Option(help="批准的管理员的登录名；不写则只提出申请，由管理员在网页上批准 · login of the administrator who approved; "
                     "without it the case is only filed, for an administrator to approve on the page", show_default=False),
    ] = None,
    *,
    only: Annotated[
        bool, typer.Option("--only", help="只删本人资料，不连带提到此人的备注、附件 · leave notes and documents that name them")
    ] = False,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="LEAD[:SHA256]", show_default=False,
                     help="另外一并删除：线索编号（其全部自由文本），或线索编号:附件指纹的开头；可多次给出 · also: the free texts of "
                     "a lead, or one of its documents; may be repeated"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · do not ask")] = False,
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """删除联系人的个人信息，不能恢复 · Erase a contact person's data, for good.

    连带提到此人的备注、附件和导入报告（--only 除外）。With the notes, documents and import reports that name them (unless
    --only). 控制台提出申请，另一人批准。The console files the case, a second person approves it. 已删除的人，用 --also 补充删除
    漏下的。Of somebody who is erased, --also says what was overlooked.
    """
    from crm.access import SYSTEM, Role
    from crm.application import By
    from crm.erasure import Erasures
    from crm.mentions import traces

    given, subject = settings(data_dir=data_dir), _id(id)
    with prepared(given) as url, application(given, url) as crm:
        _catch_up(given, url)
        approver = _administrator(crm, approved_by) if approved_by else None
        erasures, found = Erasures(crm), traces(crm, subject)
        waiting = erasures.one(subject).waiting
        asked = _asked(found, reason, file_number, also or [], only=only)
        for line in _goes_along(found, waiting or asked):
            say(line)
        if not yes:
            typer.confirm("删除后不能恢复，继续？· It cannot be brought back. Go on?", abort=True, err=True)
        if waiting is None:
            erasures.request(By(SYSTEM, Role.ADMIN, uuid4()), subject, asked)
        if approver is None:
            say("已提出申请，须由管理员在 /admin/erasures 批准，或加 --approved-by。· Filed: an administrator approves it on "
                "/admin/erasures, or name them with --approved-by.")  # fmt: skip
            return
        done = erasures.approve(By(approver, Role.ADMIN, uuid4()), subject)
        _catch_up(given, url)
    typer.echo(f"已删除 · erased: {subject}  第 {done.position} 号事件 · event {done.position}")


def hold(id: Person, basis: Annotated[Basis, typer.Option(help="依据：dispute 诉讼仲裁，inquiry 审计纪检，period 保存期限，other "
         "其他 · what demands it")], file_number: Number = None, data_dir: DataDir = None) -> None:  # fmt: skip
    """依法保留：不能申请、不能批准删除 · A legal hold: no erasure while it is in force."""
    from crm.access import SYSTEM, Role
    from crm.application import By
    from crm.erasure import Erasures
    from domain.erasure import Basis as Bases
    from domain.erasure import PlaceHold

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        _catch_up(given, url)
        form = PlaceHold(basis=Bases(basis), file_number=file_number)
        Erasures(crm).hold(By(SYSTEM, Role.ADMIN, uuid4()), _id(id), form)
    typer.echo(f"已依法保留 · held: {id}")


def release(id: Person, file_number: Number = None, data_dir: DataDir = None) -> None:
    """解除依法保留 · Lift a legal hold."""
    from crm.access import SYSTEM, Role
    from crm.application import By
    from crm.erasure import Erasures
    from domain.erasure import LiftHold

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        _catch_up(given, url)
        Erasures(crm).lift(By(SYSTEM, Role.ADMIN, uuid4()), _id(id), LiftHold(file_number=file_number))
    typer.echo(f"已解除保留 · released: {id}")


def _catch_up(given: "Settings", url: str) -> None:
    from crm.prepare import catch_up

    with progress("整理页面数据 · Preparing what pages read") as step:
        catch_up(given, url, step)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Failed(
            "联系人编号不对；它在线索页“删除个人信息”的网址里。· No such id; it is in the address of “erase their data” on the lead's page."
        ) from None


def _administrator(crm: "CRM", login: str) -> UUID:
    from crm.cli.people import person_with
    from domain.person import Person as Somebody
    from domain.person import Role

    found = person_with(crm, login)
    if Role.ADMIN not in crm.aggregate(Somebody, found).roles:
        raise Failed(f"{login} 不是管理员。· {login} is no administrator.")
    return found


def _asked(
    found: "Traces", reason: str, file_number: str | None, also: "Sequence[str]", *, only: bool
) -> "RequestErasure":
    from domain.erasure import Ground, KeptFile, RequestErasure

    named = [_named(found, one) for one in also]
    texts = [lead for lead, sha256 in named if not sha256]
    files = [(lead, sha256) for lead, sha256 in named if sha256]
    if not only:
        texts += [lead.id for lead in found.leads if lead.mentions]
        files += [(lead.id, file.sha256) for lead in found.leads for file in lead.files if file.mentions]
    return RequestErasure(
        ground=Ground(reason),
        file_number=file_number,
        texts=tuple(dict.fromkeys(texts)),
        documents=tuple(KeptFile(lead=lead, sha256=sha256) for lead, sha256 in dict.fromkeys(files)),
        imports=() if only else tuple(one.id for one in found.imports),
    )


def _named(found: "Traces", also: str) -> tuple[UUID, str]:
    """The lead meant, and its document's fingerprint; "" where its free texts are."""
    lead, wants_file, beginning = also.lower().partition(":")
    for one in found.leads:
        fitting = [file.sha256 for file in one.files if file.sha256.startswith(beginning)]
        if str(one.id) == lead and (not wants_file or (beginning and len(fitting) == 1)):
            return one.id, fitting[0] if wants_file else ""
    raise Failed(
        f"--also {also}：此人不在这条线索，或没有这个附件。· this person is not on that lead, or it has no such document."
    )


def _goes_along(found: "Traces", asked: "RequestErasure") -> "Iterator[str]":
    """What will be gone, in numbers and ids: a terminal's log is no place for names."""
    yield (
        f"所在线索 {len(found.leads)} 条；一并删除：{len(asked.texts)} 条线索的自由文本，{len(asked.documents)} 个附件，"
        f"{len(asked.imports)} 份导入报告 · {len(found.leads)} leads; along with it: the free texts of {len(asked.texts)} leads, "
        f"{len(asked.documents)} documents, {len(asked.imports)} import reports"
    )
    kept = [str(lead.id) for lead in found.leads if lead.texts and lead.id not in asked.texts]
    if kept:
        yield f"以下线索的自由文本留下；绰号、笔误认不出，可用 --also 或网页指明 · free texts stay on, name them with --also or on the page: {', '.join(kept)}"
    unread = [f"{lead.id} {file.sha256[:12]}" for lead in found.leads for file in lead.files if file.mentions is None]
    if unread:
        yield f"读不全的附件，请自行核对 · documents that cannot be read through, please look: {', '.join(unread)}"
    plain = [str(lead.id) for lead in found.leads if lead.unsealed]
    if plain:
        yield f"以下线索有未加密的栏目提到此人，删除不了 · fields that are not encrypted name them on: {', '.join(plain)}"
