"""The names of languages, each in itself, as a reader looks for it.

Pure. From the Unicode CLDR; a language that is not here is shown by its code.
"""

_NAMES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "čeština",
    "da": "dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "español",
    "fa": "فارسی",
    "fi": "suomi",
    "fr": "français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "magyar",
    "id": "Indonesia",
    "it": "italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "norsk",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "ru": "русский",
    "sv": "svenska",
    "sw": "Kiswahili",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


def language_name(code: str) -> str:
    """Return the name of a language that BCP 47 calls `code`, with the code where it says more."""
    name = _NAMES.get(code.partition("-")[0].lower())
    if name is None:
        return code
    return name if "-" not in code else f"{name} ({code})"
