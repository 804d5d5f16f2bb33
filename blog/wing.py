"""The blog wing's entry point."""

from archive.wing import Command, Wing

WING = Wing(
    name="blog",
    commands=(
        Command("demo", "Tell the whole story on a small real model.", "blog.demo.cli:demo"),
        Command("post", "Let a model write; review, never edit.", "blog.posts.cli:post"),
        Command("site", "Build and show the published site.", "blog.site.cli:site"),
    ),
    tables=("blog.posts.posts", "blog.posts.answers"),
    kinds="blog.archival:KINDS",
    checklist="blog.checklist:checklist",
    schemas=(
        "blog.archival:LIST_PAGE_SCHEMA",
        "blog.archival:MODEL_PAGE_SCHEMA",
        "blog.archival:TEXT_PAGE_SCHEMA",
    ),
    quotes="blog.quoting:QUOTES",
)
