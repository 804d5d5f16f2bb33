"""`emeritus post`: let a model write, review what it wrote, publish it. There is no way to edit."""

import click

from archive.commands import by_option, json_option, pass_workspace, say, show, until_stopped
from archive.records.models import load_model
from archive.rendering.terminal import for_terminal
from archive.workspace.locks import has_runner
from archive.workspace.workspace import Workspace
from blog.criteria.presenting import readings_document, readings_text
from blog.criteria.reading import read_criteria
from blog.posts.asking import ask_again as ask_about
from blog.posts.contexts import TopicFrom, Wanted
from blog.posts.flagging import readings_of
from blog.posts.options import context_options, selection_options, topic_options
from blog.posts.posts import History, State, histories_of, load_history
from blog.posts.presenting import (
    answer_document,
    as_text,
    attempts_at,
    label_of,
    post_document,
    waits_for,
)
from blog.posts.publishing import publish as publish_post
from blog.posts.reviewing import Reviewed
from blog.posts.reviewing import review as review_post
from blog.posts.reviews import Verdict
from blog.posts.selection import Selection
from blog.posts.writing import Wish
from blog.posts.writing import write as write_post
from interviews.participants.options import sampling_options
from interviews.participants.seam import Sampling
from interviews.sessions.spending import WITHOUT_SESSIONS, spending_alone


@click.group()
def post() -> None:
    """Let a model write; approve or veto; publish. A text is never edited."""


@post.command()
@click.argument("model", metavar="SLUG")
@context_options
@topic_options
@selection_options
@sampling_options
@json_option
@pass_workspace
def write(
    workspace: Workspace,
    model: str,
    *,
    wanted: Wanted,
    topic: str | None,
    topic_from: TopicFrom,
    selection: Selection,
    drafts: int,
    sampling: Sampling,
    as_json: bool,
) -> None:
    """Ask SLUG for a post. What it was shown and what it answers are kept; it may decline.

    One draft is asked for, or --drafts of them, of which --select takes one. A post that is interrupted is not taken up again: write another. The
    budgets of budgets.toml for the run and the workspace stop it before a call that exceeds them.
    What a FILE is, --source and --citation say, or FILE.toml beside it.

    Example: emeritus post write halcyon-2 --context interviews
    """
    with workspace.database.reading() as session:
        asked = load_model(session, model)
        session.expunge(asked)
    wish = Wish(
        model=asked,
        wanted=wanted,
        topic=topic,
        topic_from=topic_from,
        selection=selection,
        drafts=drafts,
        sampling=sampling,
    )
    with spending_alone(workspace, (), scopes=WITHOUT_SESSIONS) as purse:
        identifier = until_stopped(
            write_post(workspace, wish, tell=lambda line: say(for_terminal(line)), purse=purse)
        )
    with workspace.database.reading() as session:
        line = _line(workspace, load_history(session, identifier))
    show({"post": identifier}, line, as_json=as_json)


@post.command()
@click.argument("identifier", metavar="ID")
@json_option
@pass_workspace
def ask(workspace: Workspace, identifier: str, *, as_json: bool) -> None:
    """Ask the model about the post ID: does it stand by what is published?

    Of one that is not published it is asked what it was not asked yet: whether it may be, and for
    a summary and tags. Its words are kept and shown, whatever they are.

    Example: emeritus post ask ID
    """
    with spending_alone(workspace, (), scopes=WITHOUT_SESSIONS) as purse:
        made = until_stopped(
            ask_about(workspace, identifier, tell=lambda line: say(for_terminal(line)), purse=purse)
        )
    with workspace.database.reading() as session:
        rows = [row for row in load_history(session, identifier).answers if row.id in made]
    documents = [answer_document(row) for row in rows]
    lines = [f"{row['meaning']}: {row['said']}" for row in documents]
    show({"post": identifier, "answers": documents}, "\n".join(lines), as_json=as_json)


@post.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--approve", "verdict", flag_value=Verdict.APPROVED.value, help="It may be published."
)
@click.option("--veto", "verdict", flag_value=Verdict.VETOED.value, help="It may not.")
@click.option("--draft", "number", type=int, help="Which draft, where the reviewer chooses one.")
@click.option(
    "--class",
    "reason_class",
    metavar="CLASS",
    help="Of a veto: a criterion's id, model-wish or other; counted in public.",
)
@click.option("--reason", required=True, help="What decided it. The reason of a post is published.")
@by_option
@pass_workspace
def review(
    workspace: Workspace,
    identifier: str,
    *,
    verdict: str | None,
    number: int | None,
    reason_class: str | None,
    reason: str,
    person: str,
) -> None:
    """Approve or veto the text of the post ID as it is.

    A veto needs two people, and so does the approval of a text that is flagged or vetoed: the
    first proposes, a second one does it. A program is never the second.

    Example: emeritus post review ID --approve --reason "nothing private in it" --by ana
    """
    if verdict is None:
        raise click.UsageError("Give one of --approve, --veto.")
    if reason_class is not None and verdict != Verdict.VETOED:
        raise click.UsageError("--class is the class of a veto.")
    done = review_post(
        workspace,
        identifier,
        Verdict(verdict),
        reason=reason,
        by=workspace.person(person),
        number=number,
        reason_class=reason_class,
    )
    say(_decided(identifier, done))


@post.command()
@click.argument("identifier", metavar="ID")
@click.option("--by", "person", metavar="PERSON", help="Who publishes it: an id in people.toml.")
@pass_workspace
def publish(workspace: Workspace, identifier: str, person: str | None) -> None:
    """Give the post ID its address on the site, for ever.

    It must be approved, and its text the model's own: the digest recorded, and the bytes of the
    answer that brought it. The public sees it once it is released.

    Example: emeritus post publish ID --by ana
    """
    by = None if person is None else workspace.person(person)
    publication = publish_post(workspace, identifier, by=by)
    say(f"post {identifier} is published as posts/{publication.slug}/.")
    say(f"The public sees it after: emeritus release post {identifier} --public --by PERSON")


@post.command("list")
@click.option("--model", metavar="SLUG", help="The posts of one model.")
@json_option
@pass_workspace
def list_posts(workspace: Workspace, model: str | None, *, as_json: bool) -> None:
    """List the posts and how far each is: begun without an answer is interrupted.

    Example: emeritus post list --model halcyon-2
    """
    with workspace.database.reading() as session:
        if model is not None:
            load_model(session, model)
        found = histories_of(session, model)
        lines = [_line(workspace, history) for history in found]
        rows = [
            {
                "id": history.post.id,
                "model": history.post.model,
                "state": _state(workspace, history),
                "title": history.draft.title if history.draft else None,
                "context": history.post.context,
                "begun_at": history.post.begun_at,
                "waits_for": waits_for(history),
            }
            for history in found
        ]
    show({"posts": rows}, "\n".join(lines) or "No post is on record yet.", as_json=as_json)


@post.command("show")
@click.argument("identifier", metavar="ID")
@json_option
@pass_workspace
def show_post(workspace: Workspace, identifier: str, *, as_json: bool) -> None:
    """Show the post ID: what was asked, what the model answered, and what was decided.

    Example: emeritus post show ID --json
    """
    with workspace.database.reading() as session:
        history = load_history(session, identifier)
        name = load_model(session, history.post.model).name
        criteria = read_criteria(workspace)
        draft = history.draft
        text = "" if draft is None else draft.source.decode()
        readings = (
            [] if draft is None else readings_of(session, workspace, history, draft, criteria)
        )
        document = post_document(history, attempts_at(session, identifier)) | {
            "state": _state(workspace, history),
            "label": label_of(history, model=name, people=workspace.people),
            "waits_for": waits_for(history),
            "criteria": {
                "version": criteria.version,
                "sha256": criteria.sha256,
                "readings": readings_document(readings, criteria, text),
            },
        }
    lines = ["", *readings_text(readings, criteria, text)] if readings else []
    show(document, "\n".join([as_text(document), *map(for_terminal, lines)]), as_json=as_json)


def _state(workspace: Workspace, history: History) -> str:
    written_now = history.state is State.INTERRUPTED and has_runner(workspace.lock(history.post.id))
    return "being written" if written_now else history.state


def _line(workspace: Workspace, history: History) -> str:
    title = (history.draft.title if history.draft else None) or "no title"
    shown = for_terminal(title)
    waits = waits_for(history)
    end = "" if waits is None else f"  ({waits})"
    return (
        f"{history.post.id}  {_state(workspace, history):<11}  {history.post.model}  {shown}{end}"
    )


def _decided(identifier: str, done: Reviewed) -> str:
    """Return what a review led to, and what is still needed."""
    proposed, flags = done.standing.proposed, done.review.flags or []
    if proposed is None:
        return f"post {identifier} is {done.standing.verdict}."
    what = "approval" if proposed.verdict == Verdict.APPROVED else "veto"
    option = "--approve" if proposed.verdict == Verdict.APPROVED else "--veto"
    found = ", ".join(dict.fromkeys(str(flag["criterion"]) for flag in flags))
    why = f" The text is flagged: {found}." if found and what == "approval" else ""
    return (
        f"post {identifier}: its {what} is proposed by {proposed.by}, and needs a second person.{why}\n"
        f"  Somebody else on the roster: emeritus post review {identifier} {option} --reason TEXT"
        " --by PERSON"
    )
