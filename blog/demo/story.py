"""The story, chapter by chapter.

Each chapter does only what is still to be done, so a story that was stopped is gone on with by
the next call, and one that was told to its end is left as it is.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlmodel import select

from archive.commands import until_stopped
from archive.errors import FaultError, InputError
from archive.policy.policies import policies_of, set_policy
from archive.progress import reading
from archive.records.models import Model, participant_of
from archive.release import outputs, releases
from archive.release.releases import decide, releases_of
from archive.store import sealing
from archive.store.verifying import verify
from archive.times import now
from archive.weights import checking, registering
from archive.weights.finding import find
from archive.weights.inventory import Outcome, weight_files_of
from archive.workspace.making import make_workspace
from archive.workspace.settings import FILE_NAME
from archive.workspace.workspace import Workspace, open_workspace
from blog.demo import exercise
from blog.posts import asking, publishing, reviewing, writing
from blog.posts.contexts import Source, Wanted
from blog.posts.gathering import on_record
from blog.posts.posts import State as PostState
from blog.posts.posts import histories_of, load_history
from blog.posts.reviews import Verdict
from blog.site import manifest, rebuilding
from blog.site.views import Audience
from interviews.participants.embedded import default_model
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.reading import find_protocol
from interviews.protocols.versions import approve, approved_versions
from interviews.sessions.beginning import plans_for
from interviews.sessions.budgets import Purse
from interviews.sessions.facts import told_to
from interviews.sessions.header import Addresses
from interviews.sessions.progress import watching
from interviews.sessions.reading import left_sessions
from interviews.sessions.records import InterviewSession
from interviews.sessions.running import Held, Run, hold, hold_on

Say = Callable[[str], None]

SLUG = exercise.MODEL.slug
CONTEXTS = (Source.NONE, Source.INTERVIEWS, Source.POSTS)


def open_or_make(folder: Path) -> Workspace:
    """Return the workspace of the demonstration in `folder`, made if it is not there.

    Raises:
        InputError: The embedded model is not installed, or the folder is a workspace of
            somebody's; nothing was made.
    """
    default_model()
    if (folder / FILE_NAME).is_file():
        return _of_a_demonstration(open_workspace(folder))
    return make_workspace(folder, exercise.OPERATOR, exercise.SITE, [exercise.SCRIPT])


def _of_a_demonstration(workspace: Workspace) -> Workspace:
    if exercise.SCRIPT.id not in workspace.people:
        workspace.close()
        raise InputError(
            "is a workspace, and none of a demonstration",
            at=str(workspace.root),
            mend="Name a folder that is not there yet: nothing was changed in this one.",
        )
    return workspace


def is_told(workspace: Workspace) -> bool:
    """Whether the story was told to its end: the site is its last chapter."""
    return manifest.is_whole(workspace.public)


def put_on_record(workspace: Workspace, say: Say) -> None:
    """Put the model, its policy and its weight file on record; read the file a second time."""
    with workspace.deciding() as session:
        if session.get(Model, SLUG) is None:
            session.add(Model(**exercise.MODEL.model_dump()))
            session.flush()
        if not policies_of(session, SLUG):
            set_policy(
                session,
                SLUG,
                summary=exercise.POLICY_SUMMARY,
                wording=exercise.POLICY_WORDING,
                how_to_ask=exercise.POLICY_HOW_TO_ASK,
                by=exercise.SCRIPT.id,
            )
        registered = weight_files_of(session, SLUG)
    if not registered:
        path = default_model()
        with reading(path.name, 2 * path.stat().st_size) as on_bytes:
            (candidate,) = find(path.resolve()).files
            file = registering.register(workspace, SLUG, candidate, on_bytes=on_bytes).file
            (checked,) = checking.verify(workspace, SLUG, on_bytes=on_bytes)
        sound = "the same bytes" if checked.outcome is Outcome.SOUND else "OTHER BYTES"
        say(f"  {file.name}: {file.bytes:,} B; read a second time: {sound}")


def interview(workspace: Workspace, say: Say) -> None:
    """Hold the interviews, all stances at once, or go on with those that were stopped.

    Raises:
        EmeritusError: One was cut short; what was said is kept.
    """
    protocol = find_protocol("retirement", folder=workspace.protocols)
    with workspace.deciding() as session:
        if protocol.digest not in {row.digest for row in approved_versions(session, protocol.slug)}:
            approve(session, protocol, by=exercise.SCRIPT.id)
    with workspace.database.reading() as session:
        begun = session.exec(select(InterviewSession)).all()
        facts = told_to(
            workspace,
            session,
            exercise.MODEL,
            protocol,
            reply_limit=exercise.REPLY_TOKENS,
            today=now().date(),
        )
    held_in = {row.condition["stance"] for row in begun}
    plans = plans_for(
        SLUG,
        protocol,
        cells={
            Cell(stance=stance, information="occasion", language=protocol.language): None
            for stance in exercise.STANCES
            if stance not in held_in
        },
        replicates=1,
        sampling=_sampling(exercise.REPLY_TOKENS),
        facts=facts,
    )
    with watching() as progress:
        run = Run(workspace=workspace, progress=progress, concurrency=len(exercise.STANCES))
        if left := left_sessions(workspace, ()):
            _check(until_stopped(hold_on(run, left)))
        if plans:
            _check(
                until_stopped(
                    hold(run, Addresses(participant=participant_of(exercise.MODEL)), plans)
                )
            )
    say(f"  {len(exercise.STANCES)} interviews are on record, every turn of them.")


def write(workspace: Workspace, say: Say) -> None:
    """Let the model write one post in each context, review each by rule, and publish it.

    One that it declines, or does not want published, stays on record as that, and it is asked for
    another. Where there is
    nothing to show of a context, it is asked for that post with no context.
    """
    posts: Counter[Source] = Counter()
    for wished in CONTEXTS:
        context = _shown(workspace, wished, say)
        posts[context] += 1
        while _asks_again(workspace, context, posts=posts[context]):
            wish = writing.Wish(
                model=exercise.MODEL,
                wanted=Wanted(source=context),
                sampling=_sampling(exercise.POST_TOKENS),
            )
            written = writing.write(
                workspace, wish, tell=lambda line: say(f"  {line}"), purse=Purse()
            )
            until_stopped(written)
        _review_and_publish(workspace, say)


def release(workspace: Workspace, say: Say) -> None:
    """Release the model's page, its policy, its interviews and its posts."""
    with workspace.deciding() as session:
        subjects = [("model", SLUG)]
        subjects += [("policy", policy.id) for policy in policies_of(session, SLUG)]
        subjects += [("session", row.id) for row in session.exec(select(InterviewSession))]
        subjects += [
            ("post", history.post.id)
            for history in histories_of(session, SLUG)
            if history.publication
        ]
        for kind, subject in subjects:
            if not releases_of(session, kind, subject):
                decide(session, kind, subject, releases.Audience.PUBLIC, by=exercise.SCRIPT.id)
    say(f"  {len(subjects)} things are public, each by a decision on record.")


def preserve(workspace: Workspace, say: Say) -> None:
    """Seal everything in the store and verify it.

    Raises:
        FaultError: The store does not verify; the site is not built.
    """
    # where the site will lie is logged, and what is logged is to be in the store
    outputs.register(workspace, workspace.public, Audience.PUBLIC.value)
    sealed = list(sealing.seal(workspace, sealing.everything(workspace)))
    report = verify(workspace.store)
    if not report.valid:
        raise FaultError(
            "the store does not verify",
            at=str(workspace.store),
            mend=f"See what is wrong: emeritus --workspace {workspace.root} preserve verify",
        )
    say(f"  {len(sealed)} archival objects, all valid.")


def build(workspace: Workspace, say: Say) -> None:
    """Build the public site."""
    site = rebuilding.read(workspace, Audience.PUBLIC, workspace.public, as_of=now())
    built = rebuilding.build(workspace, site, workspace.public)
    say(f"  {built.pages} pages and {built.feeds} feeds in {workspace.public}")


def _shown(workspace: Workspace, wished: Source, say: Say) -> Source:
    """Return the context that was wished, or none where there is nothing to show of it."""
    if wished is Source.NONE or on_record(workspace, SLUG, wished):
        return wished
    say(f"  Of {wished.words} there is nothing to show: it is asked for a post with no context.")
    return Source.NONE


def _asks_again(workspace: Workspace, context: Source, *, posts: int) -> bool:
    """Return whether so many posts are not written yet in a context, nor declined too often."""
    with workspace.database.reading() as session:
        states = [h.state for h in histories_of(session, SLUG) if h.post.context == context]
    declined = states.count(PostState.DECLINED) + states.count(PostState.UNWILLING)
    written = len(states) - declined - states.count(PostState.INTERRUPTED)
    return written < posts and declined < posts * exercise.POST_ASKINGS


def _review_and_publish(workspace: Workspace, say: Say) -> None:
    with workspace.database.reading() as session:
        histories = histories_of(session, SLUG)
    for history in histories:
        post = history.post.id
        if asking.due(history) is not None:  # it was stopped before the model was asked
            asked = asking.ask_again(
                workspace, post, tell=lambda line: say(f"  {line}"), purse=Purse()
            )
            until_stopped(asked)
        with workspace.database.reading() as session:
            state = load_history(session, post).state
        if state is PostState.DRAFT:
            done = reviewing.review(
                workspace,
                post,
                Verdict.APPROVED,
                reason=exercise.REVIEW_REASON,
                by=exercise.SCRIPT,
            )
            if done.standing.proposed is not None:
                flags = (str(flag["what"]) for flag in done.review.flags or [])
                say(
                    f"  A text is flagged ({', '.join(dict.fromkeys(flags))}): a script may only "
                    "propose to approve it. It is not published."
                )
                continue
        if state in {PostState.DRAFT, PostState.APPROVED}:
            publishing.publish(workspace, post, by=exercise.SCRIPT)


def _sampling(max_tokens: int) -> Sampling:
    return Sampling(max_tokens=max_tokens, temperature=exercise.TEMPERATURE)


def _check(held: Held) -> None:
    for error in held.errors:
        raise error
