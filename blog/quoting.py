"""Where the blog keeps words of what may be deleted: in what posts were shown, and on its sites."""

from archive.store.erasure import Quotes
from blog.posts.erasing import erase_quotes, quoting
from blog.site.rebuilding import build_again

QUOTES = Quotes(of=quoting, erase=erase_quotes, publish_again=build_again)
