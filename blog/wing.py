"""The blog wing's entry point."""

from archive.wing import Command, Wing

WING = Wing(
    name="blog",
    commands=(
        Command("demo", "Tell the whole story on a small real model.", "blog.demo.cli:demo"),
        Command("post", "Let a model write; review, never edit.", "blog.posts.cli:post"),
        Command(
            "post criteria",
            "What a text is read for before it appears.",
            "blog.criteria.cli:criteria",
        ),
        Command("post withdraw", "Take a published post back.", "blog.posts.withdraw_cli:withdraw"),
        Command("post note", "Say something beside a text, signed.", "blog.posts.note_cli:note"),
        Command("post schedule", "Promise a post every week.", "blog.schedule.cli:schedule"),
        Command("post gap", "Say why in a week no post came.", "blog.schedule.cli:gap"),
        Command("worker", "Publish what is approved, when promised.", "blog.schedule.cli:worker"),
        Command("post restore", "Bring it back.", "blog.posts.withdraw_cli:restore"),
        Command("site", "Build and show the published site.", "blog.site.cli:site"),
    ),
    tables=(
        "blog.posts.answers",
        "blog.posts.notes",
        "blog.posts.posts",
        "blog.posts.reviews",
        "blog.posts.withdrawals",
        "blog.schedule.schedules",
    ),
    kinds="blog.archival:KINDS",
    checklist="blog.checklist:checklist",
    schemas=(
        "blog.archival:LIST_PAGE_SCHEMA",
        "blog.archival:MODEL_PAGE_SCHEMA",
        "blog.archival:TEXT_PAGE_SCHEMA",
    ),
    quotes="blog.quoting:QUOTES",
)
